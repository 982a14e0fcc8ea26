package io.sluice.gateway;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A client that sends whatever bytes it is told to, over one connection. */
final class RawClient implements AutoCloseable {
  private static final int DEADLINE_MS = 20_000;

  private final Socket socket;

  RawClient(TestGateway sluice) throws IOException {
    this(sluice, 64 * 1024);
  }

  /** One for which the system takes few bytes before the test reads them. */
  RawClient(TestGateway sluice, int receiveBytes) throws IOException {
    socket = new Socket();
    socket.setReceiveBufferSize(receiveBytes);
    socket.connect(new InetSocketAddress("127.0.0.1", sluice.gateway.port()));
    socket.setSoTimeout(DEADLINE_MS);
  }

  /** Sends characters as one byte each. */
  RawClient send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** The status of the next answer, or 0 where the connection ended instead. */
  int status() throws IOException {
    String line = new String(readHead(), StandardCharsets.US_ASCII);
    return line.startsWith("HTTP/1.") ? Integer.parseInt(line.substring(9, 12)) : 0;
  }

  private byte[] readHead() throws IOException {
    try {
      return socket.getInputStream().readNBytes("HTTP/1.1 200".length());
    } catch (SocketException reset) {
      return new byte[0];
    }
  }

  /** All that comes until the gateway ends the connection. */
  String rest() throws IOException {
    StringBuilder all = new StringBuilder();
    byte[] some = new byte[8 * 1024];
    try {
      for (int got = 0; got >= 0; got = socket.getInputStream().read(some)) {
        all.append(new String(some, 0, got, StandardCharsets.UTF_8));
      }
    } catch (SocketException reset) {
      // It ended, as it may.
    }
    return all.toString();
  }

  /** Skips what comes up to and with some text. */
  void skipTo(String text) throws IOException {
    StringBuilder seen = new StringBuilder();
    while (!seen.toString().endsWith(text)) {
      int octet = socket.getInputStream().read();
      if (octet < 0) {
        throw new IOException("ended before '" + text + "': " + seen);
      }
      seen.append((char) octet);
    }
  }

  boolean isClosed() {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException reset) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
