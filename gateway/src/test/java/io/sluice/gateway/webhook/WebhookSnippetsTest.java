package io.sluice.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the page on webhooks tells receivers to do takes what Sluice signs, and nothing else. */
class WebhookSnippetsTest {
  private static final byte[] BODY =
      "{\"type\":\"job.completed\",\"data\":{\"output\":\"Hällo 🌍\"}}"
          .getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  /** A language of the page, its program, and how it reads a case and checks it. */
  private enum Language {
    PYTHON(
        "python",
        "python3",
        """
        import json, sys
        case = json.load(open(sys.argv[1]))
        try:
            verify(case["secret"], case["headers"], base64.b64decode(case["body"]))
            print("taken")
        except ValueError:
            print("refused")
        """),
    JAVASCRIPT(
        "js",
        "node",
        """
        const read = JSON.parse(require("node:fs").readFileSync(process.argv[2]));
        try {
          verify(read.secret, read.headers, Buffer.from(read.body, "base64"));
          console.log("taken");
        } catch (e) {
          console.log("refused");
        }
        """);

    private final String fence;
    private final String program;
    private final String driver;

    Language(String fence, String program, String driver) {
      this.fence = fence;
      this.program = program;
      this.driver = driver;
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_receiver_that_does_as_the_page_says_takes_what_was_signed_and_nothing_else(Language in)
      throws Exception {
    assumeThat(isInstalled(in.program)).as(in.program + " is installed").isTrue();
    WebhookSecret old = WebhookSecret.random();
    WebhookSecret next = WebhookSecret.random();
    long now = Instant.now().getEpochSecond();
    String both = next.sign("evt_1", now, BODY) + " " + old.sign("evt_1", now, BODY);

    assertThat(run(in, old, now, old.sign("evt_1", now, BODY), BODY)).isEqualTo("taken");
    assertThat(run(in, old, now, both, BODY)).isEqualTo("taken");
    assertThat(run(in, next, now, both, BODY)).isEqualTo("taken");
    assertThat(run(in, old, now, next.sign("evt_1", now, BODY), BODY)).isEqualTo("refused");
    assertThat(run(in, old, now, old.sign("evt_2", now, BODY), BODY)).isEqualTo("refused");
    long before = now - 1_000;
    assertThat(run(in, old, before, old.sign("evt_1", before, BODY), BODY)).isEqualTo("refused");
    byte[] changed = BODY.clone();
    changed[10] ^= 1;
    assertThat(run(in, old, now, old.sign("evt_1", now, BODY), changed)).isEqualTo("refused");
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(it -> Files.isExecutable(Path.of(it, program)));
  }

  private String run(
      Language in, WebhookSecret secret, long timestamp, String signatures, byte[] body)
      throws IOException, InterruptedException {
    ObjectNode it = Json.object().put("secret", secret.text());
    it.putObject("headers")
        .put("webhook-id", "evt_1")
        .put("webhook-timestamp", String.valueOf(timestamp))
        .put("webhook-signature", signatures);
    it.put("body", Base64.getEncoder().encodeToString(body));
    Path input = Files.writeString(folder.resolve("case.json"), Json.write(it));
    Path script =
        Files.writeString(folder.resolve("receiver." + in.fence), snippet(in) + "\n" + in.driver);
    Process process =
        new ProcessBuilder(in.program, script.toString(), input.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return said.strip();
  }

  private static String snippet(Language in) throws IOException {
    String page = Files.readString(Path.of("..", "docs", "webhooks.md"));
    String begins = "```" + in.fence + "\n";
    int from = page.indexOf(begins) + begins.length();
    return page.substring(from, page.indexOf("```", from));
  }
}
