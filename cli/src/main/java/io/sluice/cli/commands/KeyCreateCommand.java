package io.sluice.cli.commands;

import io.sluice.ApiKey;
import io.sluice.AuditEvent.Action;
import io.sluice.Directory;
import io.sluice.auth.ApiKeys;
import io.sluice.auth.KeyTerms;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.compose.Directories;
import io.sluice.cli.compose.KeyFacts;
import io.sluice.cli.compose.Recorder;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import io.sluice.gateway.admin.KeyView;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a key and shows it, once. */
@Command(name = "create", header = "Makes a key and prints it: it is shown once and kept nowhere.")
final class KeyCreateCommand extends Configured {
  @Option(names = "--tenant", paramLabel = "NAME", required = true, description = "whose key it is")
  private String tenant;

  @Option(
      names = "--scope",
      paramLabel = "SCOPE",
      description =
          "what it may do: ollama:chat, ollama:generate, ollama:embed, batch, admin; repeat it;"
              + " all but admin if none")
  private Set<String> scopes = new TreeSet<>();

  @Option(
      names = "--range",
      paramLabel = "CIDR",
      description =
          "addresses that it works from, such as 10.0.0.0/8 or 2001:db8::/32; repeat it; from"
              + " anywhere if none")
  private List<String> ranges = new ArrayList<>();

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "how long it works, such as 12h or 90d, or never; ${DEFAULT-VALUE} unless set")
  private String expires = KeyTerms.STANDARD_LIFE;

  @Option(names = "--json", description = "print the key and all about it as one line of JSON")
  private boolean json;

  KeyCreateCommand(Console console) {
    super(console, Keys.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    check();
    KeyTerms terms = terms();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    ApiKeys.Generated made = ApiKeys.generate(tenant, scopesAsked(), now);
    ApiKey key = terms.bind(made.key());
    try (Directories directory = Keys.open(settings);
        Recorder recorder = Keys.recorder(settings)) {
      recorder.record(
          Action.KEY_CREATE,
          event -> KeyFacts.of(key, event),
          () -> directory.ask(keys -> addOnce(keys, key)));
    }
    console()
        .out()
        .println(json ? Json.write(KeyView.of(key, now).put("key", made.text())) : made.text());
    key.expiresAt()
        .filter(end -> !json)
        .ifPresent(end -> console().err().println("It works until " + Keys.minute(end) + "."));
    return Exit.OK;
  }

  private static Future<Void> addOnce(Directory keys, ApiKey key) {
    return Keys.addOnce(keys.key(key.id()).map(Optional::isPresent), () -> keys.add(key));
  }

  private KeyTerms terms() {
    Optional<List<String>> given = Optional.of(ranges).filter(some -> !some.isEmpty());
    List<String> problems = new ArrayList<>();
    given.ifPresent(texts -> check("--range", () -> KeyTerms.ranges(texts), problems));
    check("--expires", () -> KeyTerms.parse(Optional.empty(), expires), problems);
    if (!problems.isEmpty()) {
      throw new Refusal(Exit.USAGE, String.join("\n", problems));
    }
    return KeyTerms.parse(given, expires);
  }

  private static void check(String flag, Runnable parse, List<String> problems) {
    try {
      parse.run();
    } catch (IllegalArgumentException e) {
      problems.add(flag + ": " + e.getMessage());
    }
  }

  private Set<String> scopesAsked() {
    if (!scopes.isEmpty()) {
      return scopes;
    }
    Set<String> usual = new TreeSet<>(ApiKey.ALL_SCOPES);
    usual.remove("admin");
    return usual;
  }

  private void check() {
    TenantLimits.checkName(tenant);
    List<String> unknown =
        scopes.stream().filter(scope -> !ApiKey.ALL_SCOPES.contains(scope)).toList();
    if (!unknown.isEmpty()) {
      throw new Refusal(
          Exit.USAGE,
          "--scope: there is no " + unknown + "; there are " + new TreeSet<>(ApiKey.ALL_SCOPES));
    }
  }
}
