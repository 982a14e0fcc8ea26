package io.sluice.cli.bulk;

import io.sluice.cli.client.ResultReader;
import java.io.Closeable;

/** Where results go. */
interface Sink extends ResultReader, Closeable {
  /** The number of the last result that it has already; 0 where there is none. */
  long last();

  @Override
  void close();
}
