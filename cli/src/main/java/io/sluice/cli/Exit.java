package io.sluice.cli;

/** How the program can end: the documented exit codes. */
public enum Exit {
  OK(0, "done; for submit and watch: the job has an answer; for analyze and batch: all have"),
  NOT_COMPLETED(
      1,
      "the job failed, expired or was cancelled; not every document or line has a whole answer; audit"
          + " or doctor found something wrong; a worker did not drain in time"),
  USAGE(2, "wrong arguments or settings"),
  UNAVAILABLE(3, "the server, RabbitMQ or Redis could not be reached, or is not ready"),
  REFUSED(4, "the server refused: key, scope, unknown job or model, invalid or too long, limits"),
  CANNOT_START(5, "a server could not start: port taken, data in use, no JDK, build failed"),
  BUG(70, "a bug in Sluice; --log debug shows where"),
  INTERRUPTED(130, "Ctrl-C in a client command; what it started goes on");

  private final int code;
  private final String meaning;

  Exit(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  public int code() {
    return code;
  }

  public String meaning() {
    return meaning;
  }
}
