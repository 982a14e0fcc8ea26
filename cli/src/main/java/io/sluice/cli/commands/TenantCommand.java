package io.sluice.cli.commands;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Administration of tenants, on the directory itself. */
@Command(
    name = "tenant",
    header = "Shows and sets the limits of tenants.",
    description =
        "Works on the directory itself, in --data or in Redis. Running gateways go by a change"
            + " within a second. A tenant needs no entry: without one the standard limits apply.")
public final class TenantCommand extends Configured {
  public TenantCommand(Console console) {
    super(console, List.of());
  }

  @Override
  public CommandLine commandLine() {
    CommandLine line = super.commandLine();
    line.addSubcommand(new TenantListCommand(console()).commandLine());
    line.addSubcommand(new TenantShowCommand(console()).commandLine());
    line.addSubcommand(new TenantSetCommand(console()).commandLine());
    line.addSubcommand(new TenantWebhookSecretCommand(console()).commandLine());
    line.addSubcommand(new TenantRemoveCommand(console()).commandLine());
    return line;
  }

  @Override
  Exit run(Settings settings) {
    throw new Refusal(
        Exit.USAGE, "tenant list, show, set, webhook-secret or remove? See: sluice tenant --help");
  }
}
