package io.sluice.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A command that no script may run, over a connection of its own. */
final class TestCommands {
  private TestCommands() {}

  static void send(int port, String command) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
      int first = socket.getInputStream().read();
      if (first == '-') {
        throw new IllegalStateException("refused: " + command);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
