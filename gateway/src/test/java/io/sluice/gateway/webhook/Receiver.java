package io.sluice.gateway.webhook;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Somebody's webhook, on this machine. */
public final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<Received> untold = new LinkedBlockingQueue<>();

  /** All that came, in order. */
  public final List<Received> received = new CopyOnWriteArrayList<>();

  /** What is answered; 204 unless a test says otherwise. */
  public volatile Function<Received, Reply> answers = it -> new Reply(204, Map.of(), "");

  /** A message as it came. */
  public record Received(String path, Map<String, String> headers, byte[] body) {
    public String header(String name) {
      return headers.get(name);
    }

    /** Whether one of its signatures is of this secret. */
    boolean isSignedWith(WebhookSecret secret) {
      long timestamp = Long.parseLong(header("webhook-timestamp"));
      byte[] wanted = secret.sign(header("webhook-id"), timestamp, body).getBytes();
      return Arrays.stream(header("webhook-signature").split(" "))
          .anyMatch(it -> MessageDigest.isEqual(it.getBytes(), wanted));
    }

    /** The same by the secret as its tenant was shown it. */
    public boolean isSignedWith(String text) {
      return isSignedWith(
          WebhookSecret.of(
              java.util.Base64.getDecoder().decode(text.substring("whsec_".length()))));
    }
  }

  /** An answer. */
  public record Reply(int status, Map<String, String> headers, String body) {
    public static Reply of(int status) {
      return new Reply(status, Map.of(), "");
    }
  }

  public Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/",
        http -> {
          Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
          http.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
          Received one =
              new Received(
                  http.getRequestURI().toString(), headers, http.getRequestBody().readAllBytes());
          received.add(one);
          untold.add(one);
          Reply reply = answers.apply(one);
          reply.headers().forEach(http.getResponseHeaders()::set);
          byte[] body = reply.body().getBytes();
          http.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
          http.getResponseBody().write(body);
          http.close();
        });
    server.setExecutor(threads);
    server.start();
  }

  public String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** The next message; waits for it. */
  public Received next() throws InterruptedException {
    Received next = untold.poll(30, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no message came");
    }
    return next;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
