package io.sluice.cli.client;

/** What a server works on for hours, line by line or document by document. */
public enum Undertaking {
  BATCH("/v1/batches", "batch_", "batch"),
  PIPELINE("/v1/pipelines", "pipe_", "analyze");

  private final String path;
  private final String prefix;
  private final String command;

  Undertaking(String path, String prefix, String command) {
    this.path = path;
    this.prefix = prefix;
    this.command = command;
  }

  String path() {
    return path;
  }

  /** The command that follows it. */
  public String command() {
    return command;
  }

  /** Whether a text can be the id of one, and so part of a path. */
  public boolean isId(String text) {
    return text.matches(prefix + "[0-9A-Za-z_-]{1,80}");
  }

  /** What its ids look like. */
  public String sample() {
    return prefix + "0199…";
  }
}
