package io.sluice.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.Limit;
import io.sluice.Pool;
import io.sluice.address.AddressRange;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.gateway.auth.ForwardedHeader;
import io.sluice.gateway.cache.CacheConfig;
import io.sluice.gateway.files.FilesConfig;
import io.sluice.gateway.held.HeldConfig;
import io.sluice.gateway.token.OutsideIssuer;
import io.sluice.gateway.webhook.PortRange;
import io.sluice.worker.plan.Gpu;
import io.sluice.worker.plan.KvType;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsTest {
  /** What each setting reads, and what it is where nothing is set. A new setting belongs here. */
  private static final String MASTER = "c2x1aWNlIHRlc3RzIGhhdmUgYSBzZWNyZXQgb2YgMzIgYnl0ZXM=";

  private static final List<Sample> SAMPLES =
      List.of(
          new Sample("SLUICE_HOST", "0.0.0.0", "0.0.0.0", "127.0.0.1"),
          new Sample("SLUICE_PORT", "9090", 9090, 8080),
          new Sample("SLUICE_DATA", "/tmp/x", Path.of("/tmp/x"), home(".sluice")),
          new Sample("SLUICE_AMQP_URL", "amqp://h:1", service("amqp://h:1"), Optional.empty()),
          file("SLUICE_AMQP_CA"),
          file("SLUICE_AMQP_CERT"),
          file("SLUICE_AMQP_KEY"),
          new Sample("SLUICE_REDIS_URL", "redis://h:1", service("redis://h:1"), Optional.empty()),
          file("SLUICE_REDIS_CA"),
          file("SLUICE_REDIS_CERT"),
          file("SLUICE_REDIS_KEY"),
          new Sample("SLUICE_MODEL", "m@16k", List.of(new Pool("m", 16_384)), List.of()),
          new Sample(
              "SLUICE_ENGINE_URL", "http://h/", List.of(http("http://h")), List.of(ollama())),
          new Sample(
              "SLUICE_ENGINE_KIND",
              "Ollama",
              EngineSettings.Kind.OLLAMA,
              EngineSettings.Kind.OLLAMA),
          new Sample("SLUICE_SLOTS", "auto", SlotCount.AUTO, SlotCount.of(1)),
          new Sample("SLUICE_ENGINE_TOKENS", "9168", Optional.of(9168), Optional.empty()),
          new Sample("SLUICE_ENGINE_API_KEY", "k", Optional.of(new Secret("k")), Optional.empty()),
          file("SLUICE_ENGINE_API_KEY_FILE"),
          new Sample("SLUICE_CALIBRATE", "yes", Calibrate.YES, Calibrate.AUTO),
          file("SLUICE_ENGINE_CA"),
          file("SLUICE_ENGINE_CERT"),
          file("SLUICE_ENGINE_KEY"),
          new Sample(
              "SLUICE_ENGINE_CHECK",
              "refuse",
              EngineTlsSettings.Check.REFUSE,
              EngineTlsSettings.Check.OFF),
          new Sample("SLUICE_GPU", "24GiB", List.of(Gpu.parse("24GiB")), List.of()),
          new Sample("SLUICE_KV", "q8_0", KvType.Q8_0, KvType.F16),
          new Sample(
              "SLUICE_SPILL", "allow", MemorySettings.Spill.ALLOW, MemorySettings.Spill.REFUSE),
          new Sample("SLUICE_DRAIN", "2m", Duration.ofMinutes(2), Duration.ofSeconds(20)),
          new Sample("SLUICE_HEALTH_PORT", "9", Optional.of(9), Optional.empty()),
          new Sample("SLUICE_MAX_THINKING_TOKENS", "4096", 4096, 32_768),
          new Sample("SLUICE_CONTINUE", "on", OnOff.ON, OnOff.OFF),
          new Sample("SLUICE_MAX_WAITING_PER_TENANT", "5", 5, 20_000),
          new Sample("SLUICE_MAX_WAITING", "6", 6, 100_000),
          new Sample("SLUICE_WAIT_TARGET", "15s", Duration.ofSeconds(15), Duration.ZERO),
          new Sample("SLUICE_MAX_PROMPT_TOKENS", "7", 7, 100_000),
          new Sample(
              "SLUICE_LIMITS",
              "tenant_requests_per_minute=600",
              List.of(new LimitNumber(Limit.TENANT_REQUESTS_PER_MINUTE, 600)),
              List.of()),
          new Sample(
              "SLUICE_SHADOW_LIMITS",
              "tenant_requests_per_minute",
              List.of(Limit.TENANT_REQUESTS_PER_MINUTE),
              List.of()),
          new Sample("SLUICE_CACHE", "off", CacheSettings.Use.OFF, CacheSettings.Use.ON),
          new Sample("SLUICE_CACHE_AGE", "5m", Duration.ofMinutes(5), Duration.ofHours(1)),
          new Sample("SLUICE_CACHE_ANSWERS", "7", 7, 10_000),
          new Sample("SLUICE_CACHE_MIB", "2", 2, 64),
          new Sample("SLUICE_CACHE_SHARED_BY", "a", List.of("a"), List.of()),
          new Sample("SLUICE_CONNECTIONS_MAX", "9", 9, 12_000),
          new Sample("SLUICE_CONNECTIONS_PER_ADDRESS_MAX", "8", 8, 2_000),
          new Sample("SLUICE_STREAM_LIFE", "5m", Duration.ofMinutes(5), Duration.ofHours(1)),
          new Sample("SLUICE_STATUS_HOLD", "9s", Duration.ofSeconds(9), Duration.ofSeconds(45)),
          new Sample("SLUICE_HEARTBEAT", "5s", Duration.ofSeconds(5), Duration.ofSeconds(15)),
          new Sample(
              "SLUICE_STREAM_FAILURES",
              "text",
              HeldConfig.Failures.TEXT,
              HeldConfig.Failures.ERROR),
          new Sample("SLUICE_SECRET", MASTER, Optional.of(new Secret(MASTER)), Optional.empty()),
          new Sample(
              "SLUICE_SECRET_FILE", "/tmp/x", Optional.of(Path.of("/tmp/x")), Optional.empty()),
          new Sample("SLUICE_TOKEN_LIFE", "5m", Duration.ofMinutes(5), Duration.ofMinutes(15)),
          new Sample("SLUICE_TOKEN_ROTATION", "2h", Duration.ofHours(2), Duration.ofDays(1)),
          new Sample(
              "SLUICE_TOKEN_ALGORITHM",
              "EdDSA",
              TokenSettings.Signing.EDDSA,
              TokenSettings.Signing.RS256),
          new Sample("SLUICE_TOKEN_ISSUER", "https://s", "https://s", "sluice"),
          new Sample("SLUICE_TOKEN_AUDIENCE", "a", "a", "sluice"),
          new Sample(
              "SLUICE_ISSUERS",
              "iss=https://i jwks=https://i/k audience=a tenant=t",
              List.of(new OutsideIssuer("https://i", URI.create("https://i/k"), "a", "t")),
              List.of()),
          new Sample(
              "SLUICE_TRUSTED_PROXIES",
              "10.0.0.0/8",
              List.of(AddressRange.parse("10.0.0.0/8")),
              List.of()),
          new Sample(
              "SLUICE_FORWARDED",
              "Forwarded",
              ForwardedHeader.FORWARDED,
              ForwardedHeader.X_FORWARDED_FOR),
          new Sample("SLUICE_AUTH_FAILURES_MAX", "0", 0, 10),
          new Sample("SLUICE_AUTH_BLOCK", "1h", Duration.ofHours(1), Duration.ofMinutes(5)),
          new Sample(
              "SLUICE_WEBHOOK_HTTP",
              "allow",
              WebhookSettings.Plain.ALLOW,
              WebhookSettings.Plain.REFUSE),
          new Sample(
              "SLUICE_WEBHOOK_PORTS",
              "8000-8999",
              List.of(new PortRange(8000, 8999)),
              List.of(new PortRange(443, 443))),
          new Sample(
              "SLUICE_WEBHOOK_RANGES",
              "10.0.0.0/8",
              List.of(AddressRange.parse("10.0.0.0/8")),
              List.of()),
          new Sample("SLUICE_WEBHOOK_GIVE_UP", "2h", Duration.ofHours(2), Duration.ofHours(72)),
          new Sample("SLUICE_WEBHOOK_TIMEOUT", "5s", Duration.ofSeconds(5), Duration.ofSeconds(15)),
          file("SLUICE_WEBHOOK_CA"),
          new Sample("SLUICE_FILES", "/tmp/x", Optional.of(Path.of("/tmp/x")), Optional.empty()),
          new Sample("SLUICE_FILE_BATCH_MIB", "7", 7, 200),
          new Sample("SLUICE_FILE_MIB", "8", 8, 512),
          new Sample("SLUICE_FILES_PER_TENANT_MIB", "9", 9, 51_200),
          new Sample("SLUICE_FILES_PER_TENANT", "10", 10, 50_000),
          new Sample("SLUICE_UPLOADS_MAX", "11", 11, 64),
          new Sample("SLUICE_BATCH_LINES_MAX", "9", 9, 50_000),
          new Sample("SLUICE_BATCHES_MAX_PER_TENANT", "8", 8, 100),
          new Sample("SLUICE_BATCHES_KEPT", "2d", Duration.ofDays(2), Duration.ofDays(30)),
          new Sample("SLUICE_EXTRACTORS", "3", 3, 2),
          new Sample("SLUICE_EXTRACTOR_MIB", "512", 512, 256),
          new Sample("SLUICE_EXTRACT_TIMEOUT", "1m", Duration.ofMinutes(1), Duration.ofSeconds(30)),
          file("SLUICE_TLS_CERT"),
          file("SLUICE_TLS_KEY"),
          new Sample(
              "SLUICE_AUDIT_DIR", "/tmp/x", Optional.of(Path.of("/tmp/x")), Optional.empty()),
          new Sample(
              "SLUICE_AUDIT_CHECKPOINT",
              "/tmp/x",
              Optional.of(Path.of("/tmp/x")),
              Optional.empty()),
          new Sample(
              "SLUICE_AUDIT_KEY_FILE", "/tmp/x", Optional.of(Path.of("/tmp/x")), Optional.empty()),
          new Sample("SLUICE_AUDIT_FILE_MIB", "5", 5, 64),
          new Sample("SLUICE_AUDIT_KEEP_DAYS", "30", 30, 0),
          new Sample(
              "SLUICE_URL", "https://s:1", http("https://s:1"), http("http://127.0.0.1:8080")),
          new Sample("SLUICE_API_KEY", "sk_a", Optional.of(new Secret("sk_a")), Optional.empty()),
          file("SLUICE_CA"),
          new Sample("SLUICE_LOG", "debug", LogSettings.Level.DEBUG, LogSettings.Level.INFO));

  private record Sample(String variable, String text, Object value, Object standard) {
    Declared declared() {
      return Declared.all()
          .filter(one -> one.setting().variable().equals(variable))
          .findAny()
          .orElseThrow();
    }

    /** A file for TLS, with the other file and the address without which it means nothing. */
    private Map<String, String> files() {
      String server = variable.substring(0, variable.lastIndexOf('_'));
      Map<String, String> all = new java.util.HashMap<>(Map.of(variable, text));
      if (!variable.endsWith("_CA")) {
        all.put(server + "_CERT", text);
        all.put(server + "_KEY", text);
      }
      if (!server.equals("SLUICE_TLS")) {
        all.put("SLUICE_URL", "https://h");
        all.put("SLUICE_AMQP_URL", "amqps://h:1");
        all.put("SLUICE_REDIS_URL", "rediss://h:1");
        all.put("SLUICE_ENGINE_URL", "https://h");
      }
      return all;
    }

    /** The pair that must be set together is. */
    Map<String, String> environment() {
      if (variable.matches("SLUICE(_TLS|_AMQP|_REDIS|_ENGINE)?_(CA|CERT|KEY)")) {
        return files();
      }
      return switch (variable) {
        case "SLUICE_AMQP_URL" -> Map.of(variable, text, "SLUICE_REDIS_URL", "redis://h:1");
        case "SLUICE_REDIS_URL" -> Map.of(variable, text, "SLUICE_AMQP_URL", "amqp://h:1");
        case "SLUICE_ENGINE_API_KEY", "SLUICE_ENGINE_API_KEY_FILE", "SLUICE_ENGINE_TOKENS" ->
            Map.of(variable, text, "SLUICE_ENGINE_KIND", "openai");
        case "SLUICE_SHADOW_LIMITS" ->
            Map.of(variable, text, "SLUICE_LIMITS", "tenant_requests_per_minute=600");
        case "SLUICE_FORWARDED" -> Map.of(variable, text, "SLUICE_TRUSTED_PROXIES", "10.0.0.1");
        default -> Map.of(variable, text);
      };
    }
  }

  @Test
  void files_for_tls_go_together_and_need_an_address_with_tls() {
    assertThatThrownBy(
            () ->
                Settings.read(
                    List.of(AmqpSettings.class, RedisSettings.class, TlsSettings.class),
                    Map.of(),
                    Map.of(
                        "SLUICE_AMQP_URL", "amqps://h",
                        "SLUICE_AMQP_CERT", "/tmp/x",
                        "SLUICE_REDIS_URL", "redis://h",
                        "SLUICE_REDIS_CA", "/tmp/x",
                        "SLUICE_TLS_KEY", "/tmp/x")))
        .hasMessageContaining("SLUICE_AMQP_CERT and SLUICE_AMQP_KEY go together")
        .hasMessageContaining("SLUICE_REDIS_CA is for an address that begins with rediss://")
        .hasMessageContaining("SLUICE_TLS_CERT and SLUICE_TLS_KEY go together");
  }

  @Test
  void who_shares_answers_has_the_name_of_a_tenant() {
    assertThatThrownBy(
            () ->
                Settings.read(
                    List.of(CacheSettings.class),
                    Map.of(),
                    Map.of("SLUICE_CACHE_SHARED_BY", "a, not a name")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("'not a name' is no name of a tenant");
  }

  @Test
  void the_cache_is_off_where_it_is_switched_off_and_has_its_bounds_where_not() {
    assertThat(
            Settings.read(List.of(CacheSettings.class), Map.of(), Map.of("SLUICE_CACHE", "off"))
                .get(CacheSettings.class)
                .config())
        .isEqualTo(CacheConfig.OFF);
    assertThat(
            Settings.read(List.of(CacheSettings.class), Map.of(), Map.of())
                .get(CacheSettings.class)
                .config())
        .isEqualTo(CacheConfig.DEFAULT);
  }

  @Test
  void files_have_the_standard_bounds_of_a_gateway_where_nothing_is_set() {
    assertThat(
            Settings.read(List.of(FileSettings.class), Map.of(), Map.of()).get(FileSettings.class))
        .isEqualTo(FileSettings.DEFAULT);
    assertThat(FileSettings.DEFAULT.config()).isEqualTo(FilesConfig.DEFAULT);
  }

  @Test
  void every_wrong_limit_is_named_at_once() {
    assertThatThrownBy(
            () ->
                Settings.read(
                    List.of(LimitSettings.class),
                    Map.of("--limit", List.of("speed=3", "tenant_tokens_per_day=0")),
                    Map.of()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("'speed' is none of")
        .hasMessageContaining("'tenant_tokens_per_day=0' is not NAME=N");
  }

  @Test
  void several_issuers_stand_in_one_variable_with_commas_between() {
    String first = "iss=https://i jwks=https://i/k?x=1 audience=a tenant=t";
    String second = "iss=https://j  jwks=http://localhost:8/k audience=b tenant=u";
    Settings settings =
        Settings.read(
            List.of(TokenSettings.class),
            Map.of(),
            Map.of("SLUICE_ISSUERS", first + ", " + second));
    assertThat(settings.get(TokenSettings.class).config().issuers())
        .containsExactly(
            new OutsideIssuer("https://i", URI.create("https://i/k?x=1"), "a", "t"),
            new OutsideIssuer("https://j", URI.create("http://localhost:8/k"), "b", "u"));
  }

  @Test
  void everything_that_is_wrong_with_an_issuer_is_told_at_once() {
    assertThatThrownBy(
            () ->
                Settings.read(
                    List.of(TokenSettings.class),
                    Map.of("--issuer", List.of("iss=i jwks=http://i/k tenant=- aud=x iss=j")),
                    Map.of()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("'aud=x' is none of")
        .hasMessageContaining("iss= is there twice")
        .hasMessageContaining("iss 'j' must be a URL")
        .hasMessageContaining("audience= is missing")
        .hasMessageContaining("'-' is no name of a tenant")
        .hasMessageContaining("https URL");
  }

  @Test
  void an_issuer_is_not_named_twice_nor_like_sluice_itself() {
    String same = "iss=https://s jwks=https://i/k audience=a tenant=t";
    String other = same.replace("iss=https://s", "iss=https://i");
    assertThatThrownBy(
            () ->
                Settings.read(
                    List.of(TokenSettings.class),
                    Map.of("--issuer", List.of(same, other, other.replace("tenant=t", "tenant=u"))),
                    Map.of("SLUICE_TOKEN_ISSUER", "https://s")))
        .hasMessageContaining("'https://s' is named twice")
        .hasMessageContaining("'https://i' is named twice");
  }

  @Test
  void every_wrong_range_of_proxies_is_named_at_once() {
    assertThatThrownBy(
            () ->
                Settings.read(
                    List.of(AuthSettings.class),
                    Map.of("--trusted-proxy", List.of("010.0.0.1", "10.0.0.1/8")),
                    Map.of("SLUICE_FORWARDED", "x-real-ip")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("'010.0.0.1' is not a range")
        .hasMessageContaining("did you mean 10.0.0.0/8?")
        .hasMessageContaining("'x-real-ip' is none of x-forwarded-for, forwarded");
  }

  @ParameterizedTest
  @CsvSource({"1", "7", "1024"})
  void slots_are_a_number(String text) {
    assertThat(SlotCount.parse(text)).isEqualTo(SlotCount.of(Integer.parseInt(text)));
    assertThat(SlotCount.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource({"0", "1025", "-1", "99999", "1.5", "car"})
  void slots_are_nothing_else(String text) {
    assertThatThrownBy(() -> SlotCount.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void an_openai_server_needs_no_memory_plan() {
    assertThatThrownBy(
            () ->
                Settings.read(
                    List.of(EngineSettings.class),
                    Map.of("--slots", List.of("auto"), "--engine-kind", List.of("openai")),
                    Map.of()))
        .hasMessageContaining("--slots: auto is for Ollama");
  }

  @Test
  void a_key_of_the_engine_is_for_one_protocol_and_comes_from_one_place() {
    assertThatThrownBy(
            () ->
                Settings.read(
                    List.of(EngineSettings.class),
                    Map.of("--engine-api-key", List.of("k"), "--engine-tokens", List.of("9000")),
                    Map.of("SLUICE_ENGINE_API_KEY_FILE", "/tmp/x")))
        .hasMessageContaining("SLUICE_ENGINE_API_KEY and SLUICE_ENGINE_API_KEY_FILE: set one")
        .hasMessageContaining("Ollama takes none")
        .hasMessageContaining("Ollama has slots");
  }

  @Test
  void the_file_of_an_engine_s_key_is_read_without_its_line_end(@TempDir Path folder)
      throws Exception {
    Path file = Files.writeString(folder.resolve("key"), "sk-engine\n");
    EngineSettings engines =
        Settings.read(
                List.of(EngineSettings.class),
                Map.of(
                    "--engine-kind",
                    List.of("openai"),
                    "--engine-api-key-file",
                    List.of("" + file)),
                Map.of())
            .get(EngineSettings.class);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(engines::apiKey)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("others can read the secret")
        .hasMessageNotContaining("sk-engine");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(engines.apiKey()).contains("sk-engine");
    assertThat(engines.toString()).doesNotContain("sk-engine");
  }

  @Test
  void a_shadow_without_its_limit_is_refused() {
    assertThatThrownBy(
            () ->
                Settings.read(
                    List.of(LimitSettings.class),
                    Map.of("--shadow-limit", List.of("tenant_tokens_per_day")),
                    Map.of()))
        .hasMessageContaining("--limit tenant_tokens_per_day=N");
  }

  @Test
  void what_would_have_no_effect_is_refused_all_at_once() {
    assertThatThrownBy(
            () ->
                Settings.read(
                    List.of(AuthSettings.class, AuditSettings.class, ClientSettings.class),
                    Map.of("--auth-block", List.of("1h"), "--auth-failures-max", List.of("0")),
                    Map.of(
                        "SLUICE_FORWARDED", "forwarded",
                        "SLUICE_CA", "/tmp/x",
                        "SLUICE_AUDIT_CHECKPOINT", "/tmp/y",
                        "SLUICE_AUDIT_KEY_FILE", "/tmp/y")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("--forwarded: no header is read without a --trusted-proxy")
        .hasMessageContaining("--auth-block: nobody is blocked")
        .hasMessageContaining("SLUICE_CA is for an address that begins with https://")
        .hasMessageContaining("--audit-checkpoint and --audit-key-file are two files");
  }

  @Test
  void a_master_secret_that_others_can_read_is_refused(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("secret"), MASTER);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    TokenSettings tokens =
        Settings.read(
                List.of(TokenSettings.class), Map.of("--secret-file", List.of("" + file)), Map.of())
            .get(TokenSettings.class);
    assertThatThrownBy(tokens::config)
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("others can read the secret " + file)
        .hasMessageNotContaining(MASTER);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
    assertThat(tokens.config().sealing()).isPresent();
  }

  static Stream<Sample> samples() {
    return SAMPLES.stream();
  }

  @Test
  void every_setting_has_a_sample_in_this_test() {
    assertThat(Declared.all().map(one -> one.setting().variable()))
        .containsExactlyElementsOf(SAMPLES.stream().map(Sample::variable).toList());
  }

  @Test
  void every_field_is_a_setting_with_a_flag_and_a_variable_of_its_own() {
    for (Class<? extends Record> group : Settings.GROUPS) {
      assertThat(group.getRecordComponents())
          .allMatch(field -> field.isAnnotationPresent(Setting.class));
    }
    assertThat(Declared.all().map(one -> one.setting().flag())).doesNotHaveDuplicates();
    assertThat(Declared.all().map(one -> one.setting().variable())).doesNotHaveDuplicates();
    assertThat(Declared.all().map(one -> one.setting().variable()))
        .allMatch(name -> name.matches("SLUICE_[A-Z_]+"));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void a_setting_has_its_default_where_nothing_is_set(Sample sample) {
    assertThat(read(sample, Map.of(), Map.of())).isEqualTo(sample.standard());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void a_setting_is_read_from_its_variable(Sample sample) {
    assertThat(read(sample, Map.of(), sample.environment())).isEqualTo(sample.value());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void a_flag_wins_over_the_variable(Sample sample) {
    Map<String, String> wrong = new java.util.HashMap<>(sample.environment());
    wrong.put(sample.variable(), "");
    Map<String, List<String>> flags =
        Map.of(sample.declared().setting().flag(), List.of(sample.text()));
    assertThat(read(sample, flags, wrong)).isEqualTo(sample.value());
  }

  @Test
  void every_problem_is_reported_at_once() {
    Refusal refusal =
        catchThrowableOfType(
            Refusal.class,
            () ->
                Settings.read(
                    List.of(ListenSettings.class, EngineSettings.class),
                    Map.of("--port", List.of("70000"), "--engine", List.of("ftp://x")),
                    Map.of(
                        "SLUICE_SLOTS", "many",
                        "SLUICE_PROT", "1")));
    assertThat(refusal.exit()).isEqualTo(Exit.USAGE);
    assertThat(refusal.getMessage().lines())
        .containsExactlyInAnyOrder(
            "SLUICE_PROT: there is no such setting",
            "--port: '70000' is not a whole number from 0 to 65535",
            "--engine: 'ftp://x' is not an address such as http://127.0.0.1:11434",
            "SLUICE_SLOTS: 'many' is not a whole number from 1 to 1024, or auto");
  }

  @Test
  void the_brokers_go_together_and_have_their_schemes() {
    List<Class<? extends Record>> groups = List.of(AmqpSettings.class, RedisSettings.class);
    assertThatThrownBy(
            () -> Settings.read(groups, Map.of(), Map.of("SLUICE_AMQP_URL", "amqp://u:secret@h")))
        .hasMessage("SLUICE_AMQP_URL and SLUICE_REDIS_URL go together: set both or neither");
    Map<String, String> swapped =
        Map.of("SLUICE_AMQP_URL", "redis://h", "SLUICE_REDIS_URL", "amqp://u:secret@h");
    assertThatThrownBy(() -> Settings.read(groups, Map.of(), swapped))
        .hasMessageContaining("SLUICE_AMQP_URL: the address must begin with amqp://")
        .hasMessageContaining("SLUICE_REDIS_URL: the address must begin with redis://")
        .hasMessageNotContaining("secret");
  }

  @Test
  void redis_alone_is_enough_for_keys() {
    Settings settings =
        Settings.read(
            List.of(RedisSettings.class), Map.of(), Map.of("SLUICE_REDIS_URL", "redis://h"));
    assertThat(settings.get(RedisSettings.class).redisUrl()).isPresent();
  }

  @Test
  void variables_of_tests_and_of_kubernetes_are_left_alone() {
    Map<String, String> environment =
        Map.of(
            "SLUICE_TEST_REQUIRE", "distributed",
            "SLUICE_SERVICE_HOST", "10.0.0.1",
            "SLUICE_PORT_8080_TCP_PROTO", "tcp",
            "SLUICE_PORT", "tcp://10.0.0.1:8080");
    Settings settings = Settings.read(List.of(ListenSettings.class), Map.of(), environment);
    assertThat(settings.get(ListenSettings.class).port()).isEqualTo(8080);
  }

  @Test
  void an_empty_variable_is_as_good_as_none() {
    Settings settings =
        Settings.read(List.of(ListenSettings.class), Map.of(), Map.of("SLUICE_PORT", ""));
    assertThat(settings.get(ListenSettings.class).port()).isEqualTo(8080);
  }

  @Test
  void several_models_come_from_repeated_flags_or_a_list_with_commas() {
    List<Pool> both = List.of(Pool.parse("a"), Pool.parse("b@16k"));
    assertThat(models(Map.of("--model", List.of("a", "b@16k")), Map.of())).isEqualTo(both);
    assertThat(models(Map.of(), Map.of("SLUICE_MODEL", "a, b@16k,"))).isEqualTo(both);
  }

  @Test
  void a_key_that_no_header_can_carry_is_refused_without_being_shown() {
    assertThatThrownBy(
            () ->
                Settings.read(
                    List.of(ClientSettings.class), Map.of(), Map.of("SLUICE_API_KEY", "sk_a\nb")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("SLUICE_API_KEY")
        .hasMessageNotContaining("sk_a");
  }

  @Test
  void secrets_print_as_stars() {
    assertThat(new Secret("sk_abc")).hasToString("***");
    assertThat(new ServiceUrl(URI.create("amqp://user:p%40ss@host:1/v")))
        .hasToString("amqp://user:***@host:1/v");
    assertThat(new ServiceUrl(URI.create("redis://:pass@host"))).hasToString("redis://:***@host");
    assertThat(new ServiceUrl(URI.create("redis://token@host"))).hasToString("redis://***@host");
    assertThat(new ServiceUrl(URI.create("redis://host"))).hasToString("redis://host");
  }

  @Test
  void a_wrong_address_with_a_password_is_not_repeated() {
    assertThatThrownBy(
            () ->
                Settings.read(
                    List.of(AmqpSettings.class),
                    Map.of(),
                    Map.of("SLUICE_AMQP_URL", "amqp://u:secret@ho st")))
        .hasMessageNotContaining("secret")
        .hasMessageContaining("SLUICE_AMQP_URL: the value is not an address");
  }

  @ParameterizedTest
  @CsvSource({"90s,90", "10m,600", "1h,3600", "2000ms,2"})
  void durations_have_a_unit(String text, long seconds) {
    Settings settings =
        Settings.read(List.of(WorkerSettings.class), Map.of("--drain", List.of(text)), Map.of());
    assertThat(settings.get(WorkerSettings.class).drain()).hasSeconds(seconds);
  }

  @ParameterizedTest
  @CsvSource({"90", "1d", "-1s", "999999999s", "''"})
  void what_is_no_duration_within_its_bounds_is_refused(String text) {
    assertThatThrownBy(
            () ->
                Settings.read(
                    List.of(WorkerSettings.class), Map.of("--drain", List.of(text)), Map.of()))
        .isInstanceOf(Refusal.class);
  }

  @Test
  void the_table_in_the_documentation_is_the_one_that_the_program_has() throws Exception {
    Path page = Path.of("..", "docs", "settings.md");
    assertThat(Files.readString(page)).contains(SettingsTable.markdown());
  }

  private static List<Pool> models(
      Map<String, List<String>> flags, Map<String, String> environment) {
    return Settings.read(List.of(ModelSettings.class), flags, environment)
        .get(ModelSettings.class)
        .models();
  }

  private static Object read(
      Sample sample, Map<String, List<String>> flags, Map<String, String> environment) {
    RecordComponent field = sample.declared().field();
    Class<? extends Record> group = field.getDeclaringRecord().asSubclass(Record.class);
    Record record = Settings.read(both(group), flags, environment).get(group);
    try {
      return field.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** A group with what its rules look at. */
  private static List<Class<? extends Record>> both(Class<? extends Record> group) {
    if (group == AmqpSettings.class) {
      return List.of(group, RedisSettings.class);
    }
    return group == EngineTlsSettings.class ? List.of(group, EngineSettings.class) : List.of(group);
  }

  private static Sample file(String variable) {
    return new Sample(variable, "/tmp/x", Optional.of(Path.of("/tmp/x")), Optional.empty());
  }

  private static Path home(String child) {
    return Path.of(System.getProperty("user.home"), child);
  }

  private static Optional<ServiceUrl> service(String text) {
    return Optional.of(new ServiceUrl(URI.create(text)));
  }

  private static URI http(String text) {
    return URI.create(text);
  }

  private static URI ollama() {
    return http("http://127.0.0.1:11434");
  }
}
