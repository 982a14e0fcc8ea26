package io.sluice.gateway;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Admission;
import io.sluice.ApiKey;
import io.sluice.FileStore;
import io.sluice.auth.ApiKeys;
import io.sluice.codec.Json;
import io.sluice.embedded.Embedded;
import io.sluice.folder.DiskFileStore;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file as large as may be, over a disk that stands still for a while. */
class LargeUploadTest {
  private static final int BLOCK_BYTES = 1 << 20;
  private static final int BLOCKS = 200;

  /** What the system's buffers of a connection may take besides, both sides together. */
  private static final long SYSTEM_BYTES_MAX = 24L << 20;

  @TempDir private Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final CountDownLatch disk = new CountDownLatch(1);
  private final CountDownLatch stands = new CountDownLatch(1);
  private Embedded embedded;
  private Gateway gateway;
  private String key = "";

  @BeforeEach
  void open() {
    embedded =
        Embedded.open(
            folder.resolve("jobs"),
            Admission.Bounds.DEFAULT,
            List.of(TestGateway.POOL),
            InstantSource.system());
    FileStore files = DiskFileStore.open(folder.resolve("files"), InstantSource.system());
    gateway =
        EmbeddedGateway.start(
            vertx, embedded, new MemoryAudit(), new Standing(files), config -> config);
    ApiKeys.Generated made = ApiKeys.generate("default", ApiKey.ALL_SCOPES, Instant.now());
    await(embedded.directory().add(made.key()));
    key = made.text();
  }

  @AfterEach
  void close() {
    disk.countDown();
    await(gateway.stop());
    embedded.close();
    await(vertx.close());
  }

  @Test
  void two_hundred_megabytes_wait_outside_while_the_disk_stands_and_come_out_as_they_went_in()
      throws Exception {
    AtomicLong sent = new AtomicLong();
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (Socket socket = new Socket("127.0.0.1", gateway.port())) {
      socket.setSoTimeout(60_000);
      Thread client = Thread.ofVirtual().start(() -> send(socket, sent, digest));
      assertThat(stands.await(30, TimeUnit.SECONDS)).isTrue();
      awaitStandstill(sent);
      assertThat(sent.get()).isLessThan(SYSTEM_BYTES_MAX);
      disk.countDown();
      assertThat(client.join(Duration.ofSeconds(120))).isTrue();
      JsonNode file = answer(socket);
      assertThat(file.path("bytes").asLong()).isEqualTo((long) BLOCKS * BLOCK_BYTES);
      assertThat(received(file.path("id").asText())).isEqualTo(digest.digest());
    }
  }

  /** No more is taken from the client: looked at until it is the same for a while. */
  private static void awaitStandstill(AtomicLong sent) {
    AtomicLong before = new AtomicLong(-1);
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> before.getAndSet(sent.get()) == sent.get());
  }

  private void send(Socket socket, AtomicLong sent, MessageDigest digest) {
    String begun = Form.of("large.jsonl", "").text("purpose", "batch").parts();
    String start = begun.substring(0, begun.indexOf("\r\n\r\n") + 4);
    String end =
        begun.substring(start.length()) + Form.of("", "").body().split("\r\n")[0] + "--\r\n";
    long length = start.length() + (long) BLOCKS * BLOCK_BYTES + end.length();
    try {
      var out = socket.getOutputStream();
      out.write(
          ("POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\n"
                  + "Content-Length: %d\r\n\r\n%s")
              .formatted(key, Form.type(), length, start)
              .getBytes(StandardCharsets.US_ASCII));
      DigestOutputStream body = new DigestOutputStream(out, digest);
      byte[] block = new byte[BLOCK_BYTES];
      for (int n = 0; n < BLOCKS; n++) {
        java.util.Arrays.fill(block, n * 1_000, n * 1_000 + 900, (byte) (n + 1));
        for (int at = 0; at < BLOCK_BYTES; at += 1 << 16) {
          body.write(block, at, 1 << 16);
          sent.addAndGet(1 << 16);
        }
      }
      out.write(end.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static JsonNode answer(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder text = new StringBuilder();
    while (!text.toString().endsWith("}")) {
      int octet = in.read();
      assertThat(octet).as(text.toString()).isNotNegative();
      text.append((char) octet);
    }
    assertThat(text.toString()).startsWith("HTTP/1.1 200 ");
    return Json.parse(text.substring(text.indexOf("{")));
  }

  private byte[] received(String id) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + gateway.port() + "/v1/files/" + id + "/content"))
              .header("Authorization", "Bearer " + key)
              .build();
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (DigestInputStream body = new DigestInputStream(response.body(), digest)) {
        body.transferTo(java.io.OutputStream.nullOutputStream());
      }
    }
    return digest.digest();
  }

  /** Files on a disk that takes no byte of an upload until it is let go on. */
  private final class Standing implements FileStore {
    private final FileStore files;

    private Standing(FileStore files) {
      this.files = files;
    }

    @Override
    public Draft create(String name) {
      Draft draft = files.create(name);
      return new Draft() {
        @Override
        public void write(byte[] bytes, int offset, int length) {
          stands.countDown();
          try {
            assertThat(disk.await(60, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          draft.write(bytes, offset, length);
        }

        @Override
        public boolean commit() {
          return draft.commit();
        }

        @Override
        public void close() {
          draft.close();
        }
      };
    }

    @Override
    public Optional<Content> read(String name, long offset) {
      return files.read(name, offset);
    }

    @Override
    public List<Entry> list(String in, String after, int limit) {
      return files.list(in, after, limit);
    }

    @Override
    public boolean delete(String name) {
      return files.delete(name);
    }
  }
}
