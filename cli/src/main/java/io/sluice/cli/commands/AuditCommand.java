package io.sluice.cli.commands;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The audit log of this machine. */
@Command(
    name = "audit",
    header = "Checks and searches the audit log of this machine.",
    description =
        "Works on the files themselves, in --data or --audit-dir, also while servers write them.")
public final class AuditCommand extends Configured {
  public AuditCommand(Console console) {
    super(console, List.of());
  }

  @Override
  public CommandLine commandLine() {
    CommandLine line = super.commandLine();
    line.addSubcommand(new AuditVerifyCommand(console()).commandLine());
    line.addSubcommand(new AuditSearchCommand(console()).commandLine());
    return line;
  }

  @Override
  Exit run(Settings settings) {
    throw new Refusal(Exit.USAGE, "audit verify or audit search? See: sluice audit --help");
  }
}
