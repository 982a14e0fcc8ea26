package io.sluice.enginesim;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. Its own thread does nothing but read, so that a client that leaves is
 * noticed while another thread writes the answer.
 */
final class Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Socket socket;
  private final Surface surface;

  Connection(Socket socket, Surface surface) {
    this.socket = socket;
    this.surface = surface;
  }

  void serve() {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream buffered = new BufferedInputStream(socket.getInputStream());
      PushbackInputStream in = new PushbackInputStream(buffered, 1);
      while (serveNext(in)) {}
    } catch (IOException e) {
      LOG.trace("A connection ended: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean serveNext(PushbackInputStream in) throws IOException, InterruptedException {
    Optional<Request> request = Request.read(in, this::askForBody);
    if (request.isEmpty()) {
      return false;
    }
    Exchange exchange = new Exchange(socket, request.get());
    Thread answering = Thread.ofVirtual().name("sim-answer").start(() -> answer(exchange));
    int next = peek(in);
    if (next == -1) {
      exchange.leave();
    }
    answering.join();
    if (next != -1) {
      in.unread(next);
    }
    return next != -1 && !request.get().closes();
  }

  private static int peek(InputStream in) {
    try {
      return in.read();
    } catch (IOException e) {
      return -1;
    }
  }

  private void answer(Exchange exchange) {
    try {
      surface.handle(exchange);
      if (exchange.request().closes()) {
        exchange.drop();
      }
    } catch (IOException e) {
      LOG.trace("An answer was cut: {}", e.toString());
      close();
    } catch (RuntimeException e) {
      LOG.error("A bug of the simulator", e);
      close();
    }
  }

  private void askForBody() {
    try {
      socket.getOutputStream().write(CONTINUE);
    } catch (IOException e) {
      close();
    }
  }

  private void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.trace("Closing: {}", e.toString());
    }
  }
}
