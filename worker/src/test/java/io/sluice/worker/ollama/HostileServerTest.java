package io.sluice.worker.ollama;

import static io.sluice.FailureCode.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureCode;
import io.sluice.Usage;
import io.sluice.worker.Answers;
import io.sluice.worker.Generation;
import io.sluice.worker.Generation.Piece;
import io.sluice.worker.http.RawServer;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that no simulator would send. */
class HostileServerTest {
  private static final OllamaSettings SETTINGS =
      OllamaSettings.DEFAULT.grace(Duration.ofMillis(1), Duration.ofMillis(1));

  private static final String STREAM =
      """
      {"message":{"role":"assistant","content":"","thinking":"hm 東京"},"done":false}
      {"message":{"role":"assistant","content":"né 🙂"},"done":false}
      {"message":{"role":"assistant","content":"","tool_calls":[{"id":"c","function":{"name":"f","arguments":{"a":"é"}}}]},"done":false}
      {"message":{"role":"assistant","content":"."},"done":true,"done_reason":"length","prompt_eval_count":3,"eval_count":4}
      """;

  private static final List<Piece> PIECES =
      List.of(
          new Piece.Thinking("hm 東京"),
          new Piece.Text("né 🙂"),
          new Piece.ToolCall(
              "{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":{\"a\":\"é\"}}}"),
          new Piece.Text("."),
          new Piece.Done(true, new Usage(3, 4)));

  private static Answers ask(RawServer raw) throws IOException {
    try (raw;
        OllamaModelServer server = new OllamaModelServer(raw.uri(), SETTINGS)) {
      return Answers.of(server.start(Answers.chat("a")));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void a_stream_gives_the_same_pieces_however_it_is_cut(long seed) throws Exception {
    byte[] stream = STREAM.getBytes(UTF_8);
    Random random = new Random(seed);
    RawServer raw =
        new RawServer(
            out -> {
              out.write(RawServer.HEAD.getBytes(UTF_8));
              int from = 0;
              while (from < stream.length) {
                int to = Math.min(stream.length, from + 1 + random.nextInt(seed < 3 ? 3 : 60));
                writeCut(out, RawServer.chunk(stream, from, to), random);
                from = to;
              }
              out.write("0\r\n\r\n".getBytes(UTF_8));
            });
    assertThat(ask(raw).pieces()).isEqualTo(PIECES);
  }

  private static void writeCut(OutputStream out, byte[] bytes, Random random) throws IOException {
    int cut = random.nextInt(bytes.length);
    out.write(bytes, 0, cut);
    out.flush();
    out.write(bytes, cut, bytes.length - cut);
    out.flush();
  }

  @Test
  void windows_line_ends_blank_lines_and_a_last_line_without_an_end_are_harmless()
      throws Exception {
    String stream = STREAM.replace("\n", "\r\n\r\n").stripTrailing();
    assertThat(ask(RawServer.of(plain(stream))).pieces()).isEqualTo(PIECES);
  }

  @Test
  void what_comes_after_done_is_not_looked_at() throws Exception {
    assertThat(ask(RawServer.of(plain(STREAM + "rubbish {{{"))).pieces()).isEqualTo(PIECES);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1,2]                                          | ENGINE_PROTOCOL",
        "{}                                             | ENGINE_PROTOCOL",
        "{\"message\":null}                             | ENGINE_PROTOCOL",
        "{\"message\":\"text\"}                         | ENGINE_PROTOCOL",
        "{\"message\":{\"content\":7}}                  | ENGINE_PROTOCOL",
        "{\"message\":{\"content\":\"a\"}               | ENGINE_PROTOCOL",
        "{\"message\":{\"content\":\"a\"}} trailing     | ENGINE_PROTOCOL",
        "{\"error\":{\"message\":\"out of memory\"}}    | ENGINE_OUT_OF_MEMORY",
        "{\"error\":\"\"}                               | ENGINE_ERROR",
        "{\"done\":true,\"done_reason\":\"load\"}       | ENGINE_ENDED_EARLY",
        "{\"message\":{\"content\":\"a\"},\"done\":false} | ENGINE_ENDED_EARLY",
      })
  void a_line_that_is_not_the_protocol_is_a_failure(String line, FailureCode code)
      throws Exception {
    assertThat(ask(RawServer.of(plain(line.strip() + "\n"))).failure()).isEqualTo(code);
  }

  @Test
  void bytes_that_are_no_text_are_not_the_protocol() throws Exception {
    byte[] head = plain("").getBytes(UTF_8);
    byte[] bytes = java.util.Arrays.copyOf(head, head.length + 3);
    bytes[head.length] = (byte) 0xff;
    bytes[head.length + 1] = (byte) 0xc3;
    bytes[head.length + 2] = '\n';
    assertThat(ask(RawServer.of(bytes)).failure()).isEqualTo(ENGINE_PROTOCOL);
  }

  @Test
  void a_line_without_end_is_cut_off() throws Exception {
    byte[] noise = "x".repeat(64 * 1024).getBytes(UTF_8);
    RawServer raw =
        new RawServer(
            out -> {
              out.write(plain("").getBytes(UTF_8));
              while (true) {
                out.write(noise);
              }
            });
    assertThat(ask(raw).failure()).isEqualTo(OUTPUT_TOO_LARGE);
  }

  @ParameterizedTest
  @CsvSource({"302, ENGINE_UNREACHABLE", "502, ENGINE_UNREACHABLE", "503, ENGINE_BUSY"})
  void a_proxy_in_between_has_no_say_in_the_job(int status, FailureCode code) throws Exception {
    String answer =
        "HTTP/1.1 "
            + status
            + " X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 6\r\n\r\n<html>";
    assertThat(ask(RawServer.of(answer)).failure()).isEqualTo(code);
  }

  @Test
  void no_http_at_all_is_as_good_as_nobody() throws Exception {
    assertThat(ask(RawServer.of("SSH-2.0-OpenSSH_9.2\r\n")).failure())
        .isEqualTo(ENGINE_UNREACHABLE);
  }

  @Test
  void a_server_that_accepts_and_never_answers_can_be_closed() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (RawServer raw = new RawServer(out -> awaitQuietly(over));
        OllamaModelServer server = new OllamaModelServer(raw.uri(), SETTINGS)) {
      Generation generation = server.start(Answers.chat("a"));
      assertThat(generation.next(Duration.ofMillis(50))).isEqualTo(new Piece.Silence());
      generation.close();
      assertThat(generation.next(Duration.ofSeconds(5))).isEqualTo(new Piece.Closed());
    } finally {
      over.countDown();
    }
  }

  @Test
  void random_bytes_never_hang_and_never_escape_as_an_exception() throws Exception {
    Random random = new Random(7);
    byte[] valid = (plain("") + STREAM).getBytes(UTF_8);
    for (int round = 0; round < 300; round++) {
      byte[] bytes = round % 2 == 0 ? noise(random) : mutated(valid, random);
      Piece last = ask(RawServer.of(bytes)).last();
      assertThat(last).as("round %d", round).isInstanceOfAny(Piece.Failed.class, Piece.Done.class);
    }
  }

  private static byte[] noise(Random random) {
    byte[] noise = new byte[random.nextInt(4000)];
    random.nextBytes(noise);
    byte[] head = plain("").getBytes(UTF_8);
    byte[] bytes = java.util.Arrays.copyOf(head, head.length + noise.length);
    System.arraycopy(noise, 0, bytes, head.length, noise.length);
    return bytes;
  }

  private static byte[] mutated(byte[] valid, Random random) {
    byte[] bytes = valid.clone();
    for (int i = 0; i < 1 + random.nextInt(5); i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return java.util.Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
  }

  /** An answer that ends with its connection. */
  private static String plain(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n"
        + body;
  }

  private static void awaitQuietly(CountDownLatch over) {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
