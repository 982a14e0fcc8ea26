package io.sluice.cli.client;

/** Who is told that a server is not there, and that it is again. Called from any thread. */
public interface Notice {
  void away(String why);

  void back();
}
