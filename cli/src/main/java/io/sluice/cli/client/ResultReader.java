package io.sluice.cli.client;

/** Who is told results, in order. */
@FunctionalInterface
public interface ResultReader {
  void result(ResultLine line);
}
