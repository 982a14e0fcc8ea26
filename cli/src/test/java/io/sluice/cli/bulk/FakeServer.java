package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.codec.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server of files, batches and pipelines that gives the results it is told to give, and fails
 * where it is told to fail. It does no work.
 */
public final class FakeServer implements AutoCloseable {
  public static final String PIPELINE = "pipe_0199aaaa";
  public static final String BATCH = "batch_0199aaaa";
  private static final Pattern FILE = Pattern.compile("filename=\"([^\"]*)\"");

  /** A file that was sent. */
  public record Sent(String name, String body) {}

  private final HttpServer server;
  public final List<Sent> files = new CopyOnWriteArrayList<>();
  public final List<JsonNode> starts = new CopyOnWriteArrayList<>();
  public final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> results = new CopyOnWriteArrayList<>();
  private volatile ObjectNode undertaking = Json.object();

  /** How many uploads are answered 429 with a Retry-After of a second first. */
  public final AtomicInteger limited = new AtomicInteger();

  /** How many uploads break off without an answer first. */
  public final AtomicInteger broken = new AtomicInteger();

  /** How many results streams are cut off within their second line first. */
  public final AtomicInteger cuts = new AtomicInteger();

  /** How many requests for results are answered 503 first. */
  public final AtomicInteger unavailable = new AtomicInteger();

  /** How many results streams say a line again that the reader has. */
  public final AtomicInteger repeats = new AtomicInteger();

  /** How many starts are done, and never answered. */
  public final AtomicInteger lostStarts = new AtomicInteger();

  /** A file of this name is too large. */
  public volatile String tooLarge = "";

  /** There is no room for a file of this name. */
  public volatile String full = "";

  /** Whether nobody may read results. */
  public volatile boolean forbidsResults;

  /** Whether every start is refused for good. */
  public volatile boolean refusesStart;

  /** From the upload of this number on nothing is answered until it is opened. */
  public volatile int holdFrom = Integer.MAX_VALUE;

  /** Streams of results stay open until it is opened. */
  public volatile CountDownLatch held = new CountDownLatch(0);

  public FakeServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/files", this::file);
    server.createContext("/v1/pipelines", exchange -> undertaking(exchange, "/v1/pipelines"));
    server.createContext("/v1/batches", exchange -> undertaking(exchange, "/v1/batches"));
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What it is at the end, and what comes of it. */
  public void has(ObjectNode ended, List<String> lines) {
    undertaking = ended;
    results.clear();
    results.addAll(lines);
  }

  private void file(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Matcher name = FILE.matcher(body);
    if (!name.find()) {
      send(exchange, 400, "{\"error\":{\"message\":\"no file\",\"code\":\"bad\"}}");
    } else if (limited.getAndUpdate(FakeServer::less) > 0) {
      exchange.getResponseHeaders().add("Retry-After", "1");
      send(exchange, 429, "{\"error\":{\"message\":\"Slower.\",\"code\":\"rate_limit_exceeded\"}}");
    } else if (broken.getAndUpdate(FakeServer::less) > 0) {
      exchange.close();
    } else if (name.group(1).equals(tooLarge)) {
      send(exchange, 413, "{\"error\":{\"message\":\"Too large.\",\"code\":\"file_too_large\"}}");
    } else if (name.group(1).equals(full)) {
      String code = "\"code\":\"storage_quota_exceeded\"";
      send(exchange, 403, "{\"error\":{\"message\":\"Full.\"," + code + "}}");
    } else {
      keep(exchange, new Sent(name.group(1), body));
    }
  }

  private void keep(HttpExchange exchange, Sent sent) throws IOException {
    int number;
    synchronized (files) {
      if (files.size() + 1 >= holdFrom) {
        return; // never answered
      }
      files.add(sent);
      number = files.size();
    }
    send(exchange, 200, Json.write(Json.object().put("id", "file-" + number)));
  }

  private static int less(int number) {
    return Math.max(0, number - 1);
  }

  private void undertaking(HttpExchange exchange, String root) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    if (path.endsWith("/results")) {
      results(exchange);
    } else if (path.endsWith("/cancel")) {
      send(exchange, 202, Json.write(undertaking.deepCopy().put("status", "cancelling")));
    } else if (exchange.getRequestMethod().equals("POST")) {
      start(exchange);
    } else if (path.equals(root)) {
      list(exchange);
    } else if (path.equals(root + "/" + undertaking.path("id").asText())) {
      send(exchange, 200, Json.write(undertaking));
    } else {
      send(exchange, 404, "{\"code\":\"not_found\",\"detail\":\"There is none.\"}");
    }
  }

  private void start(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    starts.add(Json.parse(new String(body, StandardCharsets.UTF_8)));
    if (refusesStart) {
      send(exchange, 422, "{\"code\":\"invalid_request\",\"detail\":\"No such model.\"}");
      return;
    }
    if (lostStarts.getAndUpdate(FakeServer::less) > 0) {
      exchange.close();
    } else {
      send(exchange, 202, Json.write(undertaking.deepCopy().put("status", "in_progress")));
    }
  }

  private void list(HttpExchange exchange) throws IOException {
    ObjectNode page = Json.object();
    var data = page.putArray("data");
    for (JsonNode start : starts) {
      ObjectNode one = undertaking.deepCopy();
      one.set("metadata", start.path("metadata"));
      data.add(one);
    }
    send(exchange, 200, Json.write(page));
  }

  private void results(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    long after = Long.parseLong(query.replaceAll("after=([0-9]+).*", "$1"));
    List<String> lines = new ArrayList<>(results);
    long from = repeats.getAndUpdate(FakeServer::less) > 0 ? after - 1 : after;
    lines.removeIf(line -> Json.parse(line).path("seq").asLong() <= from);
    if (forbidsResults) {
      send(exchange, 401, "{\"code\":\"unauthorized\",\"detail\":\"The key was revoked.\"}");
      return;
    }
    if (unavailable.getAndUpdate(FakeServer::less) > 0) {
      send(exchange, 503, "{\"code\":\"store_unavailable\",\"detail\":\"It is away.\"}");
      return;
    }
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    boolean cut = cuts.getAndUpdate(FakeServer::less) > 0;
    for (int i = 0; i < lines.size(); i++) {
      byte[] line = ("\n" + lines.get(i) + "\n").getBytes(StandardCharsets.UTF_8);
      out.write(line, 0, cut && i == 1 ? line.length / 2 : line.length);
      out.flush();
      if (cut && i == 1) {
        exchange.close();
        return;
      }
    }
    if (!query.contains("wait=0")) {
      hold();
    }
    out.close();
  }

  private void hold() {
    try {
      held.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  /** A pipeline that has ended. */
  public static ObjectNode pipeline(int completed, int failed) {
    ObjectNode pipeline = Json.object().put("id", PIPELINE).put("object", "pipeline");
    pipeline.put("status", "completed").put("task", "summarise").put("model", "qwen3:14b");
    pipeline
        .withObject("/counts/documents")
        .put("total", completed + failed)
        .put("completed", completed)
        .put("incomplete", 0)
        .put("failed", failed);
    pipeline.withObject("/counts/parts").put("total", 3).put("completed", 3).put("failed", 0);
    pipeline.withObject("/usage").put("prompt_tokens", 900).put("completion_tokens", 100);
    return pipeline;
  }

  /** The result of a document. */
  public static String document(long seq, String name) {
    ObjectNode line = Json.object().put("seq", seq);
    line.withObject("/document").put("index", seq - 1).put("filename", name);
    line.put("status", "completed").put("result", "What " + name + " says.");
    return Json.write(line);
  }

  /** A batch that has ended. */
  public static ObjectNode batch(int completed, int failed) {
    ObjectNode batch = Json.object().put("id", BATCH).put("object", "batch");
    batch.put("status", "completed");
    batch
        .withObject("/request_counts")
        .put("total", completed + failed)
        .put("completed", completed)
        .put("failed", failed);
    return batch;
  }

  /** The result of a line. */
  public static String line(long seq, int status) {
    ObjectNode line = Json.object().put("seq", seq).put("custom_id", "r" + seq);
    line.withObject("/response").put("status_code", status);
    line.putNull("error");
    return Json.write(line);
  }

  @Override
  public void close() {
    held.countDown();
    server.stop(0);
  }
}
