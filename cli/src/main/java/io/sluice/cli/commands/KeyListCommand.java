package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sluice.ApiKey;
import io.sluice.Directory;
import io.sluice.cli.Exit;
import io.sluice.cli.compose.Directories;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import io.sluice.gateway.admin.KeyView;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows all keys, never their secrets. */
@Command(name = "list", header = "Shows all keys, never their secrets.")
final class KeyListCommand extends Configured {
  @Option(names = "--json", description = "print them as a JSON array")
  private boolean json;

  KeyListCommand(Console console) {
    super(console, Keys.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    List<ApiKey> keys;
    try (Directories directory = Keys.open(settings)) {
      keys = directory.ask(Directory::keys);
    }
    Instant now = Instant.now();
    if (json) {
      ArrayNode all = Json.MAPPER.createArrayNode();
      keys.forEach(key -> all.add(KeyView.of(key, now)));
      console().out().println(Json.write(all));
    } else {
      keys.forEach(key -> console().out().println(row(key, now)));
    }
    return Exit.OK;
  }

  private static String row(ApiKey key, Instant now) {
    return "%-12s  %-16s  %-25s  %-25s  %-36s  %s"
        .formatted(
            key.id(),
            key.tenant(),
            state(key, now),
            key.ranges().map(KeyListCommand::ranges).orElse("from anywhere"),
            key.lastUse().map(KeyListCommand::use).orElse("never used"),
            String.join(" ", new TreeSet<>(key.scopes())));
  }

  private static String state(ApiKey key, Instant now) {
    String state = KeyView.state(key, now);
    return switch (state) {
      case "revoked" -> state + key.revokedAt().map(KeyListCommand::at).orElseThrow();
      case "expired" -> state + key.expiresAt().map(KeyListCommand::at).orElseThrow();
      default -> state + key.expiresAt().map(end -> " to" + at(end)).orElse("");
    };
  }

  private static String at(Instant moment) {
    return " " + Keys.minute(moment);
  }

  private static String ranges(List<String> ranges) {
    return ranges.isEmpty() ? "from nowhere" : "from " + String.join(" ", ranges);
  }

  private static String use(ApiKey.LastUse use) {
    return "used" + at(use.at()) + " " + use.address();
  }
}
