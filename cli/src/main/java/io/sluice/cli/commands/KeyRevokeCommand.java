package io.sluice.cli.commands;

import io.sluice.AuditEvent.Action;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.compose.Directories;
import io.sluice.cli.compose.Recorder;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Revokes a key. */
@Command(name = "revoke", header = "Revokes a key, for good.")
final class KeyRevokeCommand extends Configured {
  @Parameters(paramLabel = "ID", description = "the id of the key, as key list shows it")
  private String id;

  @Option(names = "--json", description = "say so in JSON")
  private boolean json;

  KeyRevokeCommand(Console console) {
    super(console, Keys.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    if (id.startsWith("sk_")) {
      throw new Refusal(Exit.USAGE, "the id of the key, as key list shows it, not the key itself");
    }
    try (Directories directory = Keys.open(settings);
        Recorder recorder = Keys.recorder(settings)) {
      recorder.record(Action.KEY_REVOKE, event -> event.target(id), () -> revoke(directory));
    }
    console()
        .out()
        .println(
            json ? Json.write(Json.object().put("id", id).put("revoked", true)) : id + " revoked");
    return Exit.OK;
  }

  private boolean revoke(Directories directory) {
    if (!directory.ask(keys -> keys.revoke(id, Instant.now()))) {
      throw new Refusal(Exit.REFUSED, "there is no valid key with the id '" + id + "'");
    }
    return true;
  }
}
