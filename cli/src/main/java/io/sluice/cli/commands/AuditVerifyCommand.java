package io.sluice.cli.commands;

import io.sluice.cli.Exit;
import io.sluice.cli.compose.AuditFolder;
import io.sluice.cli.settings.AuditSettings;
import io.sluice.cli.settings.DataSettings;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Checks that nobody has touched the audit log. */
@Command(
    name = "verify",
    header = "Checks that nobody has touched the audit log.",
    description =
        "Reads every entry, and compares the end with the checkpoint. Exit code 0 if the log is"
            + " whole, 1 if not: then it says at which entry and what was done. Keep the printed"
            + " last entry elsewhere, and give it with --noted later: nobody on this machine can"
            + " forge that.")
final class AuditVerifyCommand extends Configured {
  @Option(
      names = "--noted",
      paramLabel = "SEQ:HASH",
      description = "a last entry that an earlier run printed")
  private Optional<String> noted = Optional.empty();

  @Option(names = "--json", description = "print what was found as one line of JSON")
  private boolean json;

  AuditVerifyCommand(Console console) {
    super(console, List.of(DataSettings.class, AuditSettings.class));
  }

  @Override
  Exit run(Settings settings) {
    AuditFolder.Check check =
        AuditFolder.of(settings.get(AuditSettings.class), settings.get(DataSettings.class).data())
            .verify(noted);
    if (json) {
      console().out().println(Json.write(check.json()));
    } else {
      check.lines().forEach(line -> console().out().println(Console.harmless(line)));
    }
    return check.whole() ? Exit.OK : Exit.NOT_COMPLETED;
  }
}
