package io.sluice.enginesim;

/** The client closed its connection. */
final class ClientLeft extends Exception {
  ClientLeft() {
    super("the client left", null, false, false);
  }
}
