package io.sluice.cli;

import static io.sluice.cli.bulk.FakeServer.PIPELINE;
import static io.sluice.cli.bulk.FakeServer.document;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.bulk.FakeServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in {@code sluice analyze}, in the built program. */
class BulkInterruptIT {
  private static final List<String> LINES =
      List.of(document(1, "a"), document(2, "b"), document(3, "c"));

  @TempDir Path folder;
  private final FakeServer server = new FakeServer();
  private Path in;
  private Path out;

  @BeforeEach
  void write() throws Exception {
    in = Files.createDirectory(folder.resolve("in"));
    for (String name : List.of("a", "b", "c")) {
      Files.writeString(in.resolve(name + ".txt"), name);
    }
    out = folder.resolve("r.jsonl");
    server.has(FakeServer.pipeline(3, 0), LINES);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void while_it_is_sent_it_says_how_to_go_on_and_no_file_is_sent_twice() throws Exception {
    server.holdFrom = 3;
    try (Sluice sluice = analyze()) {
      Awaitility.await().until(() -> sent() == 2);
      sluice.terminate();
      assertThat(sluice.awaitExit()).isEqualTo(Exit.INTERRUPTED.code());
      assertThat(sluice.err())
          .contains("stopped while sending. Go on: sluice analyze --resume " + out);
    }
    assertThat(server.starts).isEmpty();
    server.holdFrom = Integer.MAX_VALUE;
    Captured done = Sluice.run(folder, environment(), "analyze", "--resume", out.toString());
    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(server.files).hasSize(3);
    assertThat(server.starts)
        .singleElement()
        .extracting(it -> it.path("documents").size())
        .isEqualTo(3);
    assertThat(Files.readAllLines(out)).isEqualTo(LINES);
  }

  @Test
  void while_it_runs_it_says_how_to_come_back_and_no_line_comes_twice() throws Exception {
    server.held = new CountDownLatch(1);
    server.has(FakeServer.pipeline(3, 0).put("status", "in_progress"), LINES.subList(0, 2));
    try (Sluice sluice = analyze()) {
      Awaitility.await().until(() -> Files.exists(out) && Files.readAllLines(out).size() == 2);
      sluice.terminate();
      assertThat(sluice.awaitExit()).isEqualTo(Exit.INTERRUPTED.code());
      assertThat(sluice.err())
          .contains(
              PIPELINE
                  + " goes on. Come back: sluice analyze --resume "
                  + PIPELINE
                  + " --out "
                  + out)
          .contains("Stop it: sluice analyze --cancel " + PIPELINE);
    }
    server.held.countDown();
    server.has(FakeServer.pipeline(3, 0), LINES);
    Captured done =
        Sluice.run(folder, environment(), "analyze", "--resume", PIPELINE, "--out", out.toString());
    assertThat(done.exit()).as(done.err()).isZero();
    assertThat(Files.readAllLines(out)).isEqualTo(LINES);
  }

  /** How many uploads are written down. */
  private long sent() throws Exception {
    Path state = folder.resolve("r.jsonl.state");
    return Files.exists(state)
        ? Files.readAllLines(state).stream().filter(line -> line.contains("\"uploaded\"")).count()
        : 0;
  }

  private Sluice analyze() {
    return Sluice.start(
        folder,
        environment(),
        "analyze",
        in.toString(),
        "--task",
        "summarise",
        "--out",
        out.toString());
  }

  private Map<String, String> environment() {
    return Map.of(
        "SLUICE_URL", server.url(), "SLUICE_API_KEY", "sk_a", "SLUICE_MODEL", "qwen3:14b");
  }
}
