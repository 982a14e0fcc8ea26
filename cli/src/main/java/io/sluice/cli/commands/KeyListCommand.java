package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sluice.ApiKey;
import io.sluice.Directory;
import io.sluice.cli.Exit;
import io.sluice.cli.compose.Directories;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
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
    if (json) {
      ArrayNode all = Json.MAPPER.createArrayNode();
      keys.forEach(key -> all.add(Keys.json(key)));
      console().out().println(Json.write(all));
    } else {
      keys.forEach(key -> console().out().println(row(key)));
    }
    return Exit.OK;
  }

  private static String row(ApiKey key) {
    return "%-12s  %-16s  %-24s  %s"
        .formatted(
            key.id(),
            key.tenant(),
            key.revokedAt().map(at -> "revoked " + at.toString().substring(0, 16)).orElse("valid"),
            String.join(" ", new TreeSet<>(key.scopes())));
  }
}
