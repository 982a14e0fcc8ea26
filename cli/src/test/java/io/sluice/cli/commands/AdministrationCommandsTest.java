package io.sluice.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Pool;
import io.sluice.cli.Captured;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.compose.Broker;
import io.sluice.cli.compose.FirstSecret;
import io.sluice.cli.compose.Plan;
import io.sluice.cli.settings.EngineSettings;
import io.sluice.cli.settings.LimitSettings;
import io.sluice.cli.settings.ListenSettings;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.settings.TokenSettings;
import io.sluice.cli.settings.WorkerSettings;
import io.sluice.codec.Json;
import io.sluice.disk.OwnerFile;
import io.sluice.gateway.token.TokenConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tenant} and {@code token-key} on a folder that nobody serves. */
class AdministrationCommandsTest {
  @TempDir Path data;

  @Test
  void limits_are_set_one_by_one_shown_and_forgotten() {
    assertThat(sluice("tenant", "show", "acme").out()).startsWith("acme has the standard limits");
    JsonNode first =
        json(
            "tenant",
            "set",
            "acme",
            "--limit",
            "tenant_requests_per_minute=600",
            "--limit",
            "tenant_tokens_per_day=5000",
            "--shadow-limit",
            "tenant_tokens_per_day");
    assertThat(first.path("limits").path("tenant_requests_per_minute").asInt()).isEqualTo(600);
    assertThat(first.path("shadow").toString()).isEqualTo("[\"tenant_tokens_per_day\"]");
    JsonNode second =
        json(
            "tenant",
            "set",
            "acme",
            "--limit",
            "tenant_tokens_per_day=6000",
            "--no-limit",
            "tenant_requests_per_minute",
            "--limit",
            "tenant_waiting_jobs=5");
    assertThat(second.path("limits").toString())
        .isEqualTo("{\"tenant_tokens_per_day\":6000,\"tenant_waiting_jobs\":5}");
    assertThat(second.path("shadow")).as("a number is enforced").isEmpty();
    assertThat(json("tenant", "show", "acme")).isEqualTo(second);
    sluice("key", "create", "--tenant", "other");
    assertThat(sluice("tenant", "list").out().lines())
        .containsExactly(
            "acme              tenant_tokens_per_day=6000 tenant_waiting_jobs=5",
            "other             the standard limits");
    assertThat(sluice("tenant", "remove", "acme").out()).startsWith("acme has the standard");
    assertThat(sluice("tenant", "remove", "acme").exit()).isEqualTo(Exit.REFUSED.code());
  }

  @Test
  void a_weight_is_set_shown_and_forgotten_and_stays_when_limits_are_set() {
    assertThat(json("tenant", "set", "acme", "--weight", "3").path("weight").asInt()).isEqualTo(3);
    assertThat(sluice("tenant", "show", "acme").out().strip())
        .isEqualTo("acme has weight 3 and the standard limits");
    sluice("tenant", "set", "acme", "--limit", "tenant_waiting_jobs=5");
    assertThat(sluice("tenant", "list").out().strip())
        .isEqualTo("acme              weight=3 tenant_waiting_jobs=5");
    assertThat(sluice("audit", "search", "--tenant", "acme", "--json").out())
        .contains("\"after\":\"weight=3\"");
    sluice("tenant", "remove", "acme");
    assertThat(json("tenant", "show", "acme").path("weight").asInt()).isOne();
  }

  @Test
  void a_weight_that_is_none_is_told_together_with_all_other_problems() {
    for (String wrong : List.of("0", "1001", "-1", "heavy", "1.5", "")) {
      Captured refused =
          sluice("tenant", "set", "acme", "--weight=" + wrong, "--limit", "nonsense=1");
      assertThat(refused.exit()).as(wrong).isEqualTo(Exit.USAGE.code());
      assertThat(refused.err())
          .contains("--weight: a weight is a whole number from 1 to 1000, not '" + wrong + "'")
          .contains("nonsense");
    }
    assertThat(sluice("tenant", "set", "acme").err()).contains("--weight N");
  }

  @Test
  void changes_are_written_down_before_and_after_and_looks_are_not() {
    sluice("tenant", "list");
    assertThat(data.resolve("audit")).doesNotExist();
    sluice("tenant", "set", "acme", "--limit", "tenant_tokens_per_day=5");
    sluice("tenant", "set", "acme", "--limit", "tenant_tokens_per_day=6");
    FirstSecret.ensure(data.resolve("secret"));
    JsonNode made = json("token-key", "create", "--tenant", "acme");
    sluice("token-key", "revoke", made.path("kid").asText());
    String trail = sluice("audit", "search", "--tenant", "acme", "--json").out();
    List<String> told =
        trail
            .lines()
            .map(Json::parse)
            .map(it -> it.path("action").asText() + " " + it.path("outcome").asText())
            .toList();
    assertThat(told)
        .containsExactly(
            "token_key_revoke success",
            "token_key_revoke begun",
            "token_key_create success",
            "token_key_create begun",
            "tenant_change success",
            "tenant_change begun",
            "tenant_change success",
            "tenant_change begun");
    assertThat(trail)
        .contains("\"before\":\"tenant_tokens_per_day=5\"", "\"after\":\"revoked\"", "sha256:")
        .doesNotContain(made.path("secret").asText());
    assertThat(sluice("audit", "verify").exit()).isZero();
  }

  @Test
  void everything_that_is_wrong_with_limits_is_told_at_once() {
    Captured wrong =
        sluice(
            "tenant",
            "set",
            "acme",
            "--limit",
            "speed=1",
            "--limit",
            "tenant_tokens_per_day=0",
            "--shadow-limit",
            "none",
            "--no-limit",
            "waiting_jobs");
    assertThat(wrong.exit()).isEqualTo(Exit.USAGE.code());
    assertThat(wrong.err().lines()).hasSize(4);
    assertThat(wrong.err())
        .contains("'speed'", "tenant_tokens_per_day=0", "'none'", "waiting_jobs");
    assertThat(sluice("tenant", "set", "acme").err()).contains("nothing to set");
    assertThat(sluice("tenant", "set", "-x", "--no-limit", "a").exit())
        .isEqualTo(Exit.USAGE.code());
  }

  @Test
  void a_webhook_is_set_with_a_secret_that_is_shown_once_and_rotated() {
    String[] set = {"tenant", "set", "acme", "--webhook", "https://hooks.example.com/x"};
    assertThat(sluice(set).err()).contains("SLUICE_SECRET_FILE");
    FirstSecret.ensure(data.resolve("secret"));
    JsonNode first = json(set);
    String secret = first.at("/webhook/secret").asText();
    assertThat(secret).startsWith("whsec_");
    assertThat(json(set).at("/webhook").has("secret")).isFalse();
    JsonNode next = json("tenant", "webhook-secret", "acme", "--overlap", "1h");
    assertThat(next.path("secret").asText()).startsWith("whsec_").isNotEqualTo(secret);
    assertThat(next.path("secrets")).hasSize(2);
    JsonNode weighted = json("tenant", "set", "acme", "--weight", "2");
    assertThat(weighted.at("/webhook/url").asText()).isEqualTo("https://hooks.example.com/x");
    JsonNode without = json("tenant", "set", "acme", "--no-webhook");
    assertThat(without.at("/webhook/url").isNull()).isTrue();
    assertThat(without.at("/webhook/secrets")).hasSize(2);
    assertThat(sluice("audit", "search", "--tenant", "acme", "--json").out())
        .contains("webhook=https://hooks.example.com:443")
        .doesNotContain("whsec_", "example.com/x");
  }

  @Test
  void a_webhook_that_is_not_allowed_is_refused_by_the_command_too() {
    FirstSecret.ensure(data.resolve("secret"));
    for (String url : List.of("http://hooks.example.com/", "https://127.0.0.1/", "x")) {
      assertThat(sluice("tenant", "set", "acme", "--webhook", url).exit())
          .isEqualTo(Exit.USAGE.code());
    }
    assertThat(sluice("tenant", "webhook-secret", "acme", "--overlap", "9000h").exit())
        .isEqualTo(Exit.USAGE.code());
  }

  @Test
  void the_first_secret_is_for_its_owner_alone_and_is_made_once() throws IOException {
    Path file = data.resolve("secret");
    assertThat(FirstSecret.ensure(file)).isTrue();
    String text = Files.readString(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Base64.getDecoder().decode(text.strip())).hasSize(32);
    assertThat(FirstSecret.ensure(file)).isFalse();
    assertThat(Files.readString(file)).isEqualTo(text);
    try (var files = Files.list(data)) {
      assertThat(files).as("nothing else is left there").containsExactly(file);
    }
  }

  @Test
  void a_key_of_tokens_needs_the_master_secret_of_the_others() {
    Captured without = sluice("token-key", "create", "--tenant", "acme");
    assertThat(without.exit()).isEqualTo(Exit.USAGE.code());
    assertThat(without.err()).contains("SLUICE_SECRET_FILE");
    FirstSecret.ensure(data.resolve("secret"));
    assertThat(sluice("token-key", "create", "--tenant", "acme").exit()).isZero();
    String other =
        Base64.getEncoder()
            .encodeToString("0123456789abcdefghijklmnopqrstuv".getBytes(StandardCharsets.US_ASCII));
    Captured foreign =
        Captured.run(
            Map.of("SLUICE_DATA", data.toString(), "SLUICE_SECRET", other), "token-key", "rotate");
    assertThat(foreign.exit()).isEqualTo(Exit.REFUSED.code());
    assertThat(foreign.err()).contains("not the one that the keys there were sealed with");
    assertThat(sluice("token-key", "list").out().lines()).hasSize(1);
  }

  @Test
  void keys_of_tokens_are_made_rotated_and_revoked() throws IOException {
    FirstSecret.ensure(data.resolve("secret"));
    JsonNode made = json("token-key", "create", "--tenant", "acme");
    assertThat(Base64.getDecoder().decode(made.path("secret").asText())).hasSize(32);
    Path own = data.resolve("own");
    OwnerFile.write(own, made.path("secret").asText() + "\n");
    JsonNode given =
        json("token-key", "create", "--tenant", "acme", "--tenant-secret-file", own.toString());
    assertThat(given.has("secret")).isFalse();
    Files.writeString(own, "cGFzc3dvcmQ=");
    Captured weak =
        sluice("token-key", "create", "--tenant", "acme", "--tenant-secret-file", own.toString());
    assertThat(weak.exit()).isEqualTo(Exit.USAGE.code());
    assertThat(weak.err()).doesNotContain("cGFzc3dvcmQ=");
    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rw----r--"));
    assertThat(
            sluice("token-key", "create", "--tenant", "acme", "--tenant-secret-file", "" + own)
                .err())
        .contains("others can read the secret " + own);
    JsonNode rotated = json("token-key", "rotate", "--token-algorithm", "eddsa");
    assertThat(rotated.path("state").asText()).isEqualTo("next");
    assertThat(rotated.path("algorithm").asText()).isEqualTo("EdDSA");
    List<String> kids = new ArrayList<>();
    json("token-key", "list").forEach(key -> kids.add(key.path("kid").asText()));
    assertThat(kids).hasSize(3).contains(made.path("kid").asText(), rotated.path("kid").asText());
    assertThat(sluice("token-key", "list", "--json").out())
        .doesNotContain(made.path("secret").asText())
        .doesNotContain("sealed");
    Captured unknown = sluice("token-key", "revoke", kids.getFirst(), "none");
    assertThat(unknown.err()).contains("none was revoked");
    assertThat(sluice("token-key", "revoke", kids.getFirst()).out())
        .startsWith(kids.getFirst() + " revoked");
    assertThat(sluice("token-key", "revoke", "--all").out().lines()).hasSize(2);
    json("token-key", "list")
        .forEach(key -> assertThat(key.path("state").asText()).isEqualTo("revoked"));
  }

  @Test
  void a_new_master_secret_needs_the_old_keys_to_be_revoked() {
    serveOnce();
    Refusal refusal = catchThrowableOfType(Refusal.class, this::serveWithAnotherSecret);
    assertThat(refusal.exit()).isEqualTo(Exit.CANNOT_START);
    assertThat(refusal).hasMessageContaining("sluice token-key revoke --all");
    assertThat(sluice("token-key", "revoke", "--all").exit()).isZero();
    serveWithAnotherSecret();
    assertThat(sluice("token-key", "list").out().lines()).hasSize(2);
  }

  private void serveOnce() {
    FirstSecret.ensure(data.resolve("secret"));
    try (Broker broker = Broker.open(plan())) {
      broker.serve();
    }
  }

  private void serveWithAnotherSecret() {
    try {
      Files.deleteIfExists(data.resolve("secret"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    serveOnce();
  }

  private Plan plan() {
    TokenConfig tokens =
        Settings.read(List.of(TokenSettings.class), Map.of(), Map.of())
            .get(TokenSettings.class)
            .config(data.resolve("secret"));
    return new Plan(
            new ListenSettings("127.0.0.1", 0),
            data,
            Optional.empty(),
            List.of(Pool.parse("qwen3:14b")),
            new EngineSettings(URI.create("http://127.0.0.1:1"), EngineSettings.Kind.OLLAMA, 1),
            new WorkerSettings(Duration.ofSeconds(5), Optional.empty()),
            new LimitSettings(100, 100, Duration.ZERO, 1000, List.of(), List.of()))
        .tokens(tokens);
  }

  private JsonNode json(String... arguments) {
    String[] more = Arrays.copyOf(arguments, arguments.length + 1);
    more[arguments.length] = "--json";
    Captured captured = sluice(more);
    assertThat(captured.exit()).as(captured.err()).isZero();
    return Json.parse(captured.out());
  }

  private Captured sluice(String... arguments) {
    return Captured.run(Map.of("SLUICE_DATA", data.toString()), arguments);
  }
}
