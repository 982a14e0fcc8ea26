package io.sluice.cli.commands;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Administration of API keys, on the directory itself. */
@Command(
    name = "key",
    header = "Makes, lists and revokes API keys.",
    description =
        "Works on the directory itself, in --data or in Redis, so that the first key needs no key."
            + " Running gateways see a change within a second.")
public final class KeyCommand extends Configured {
  public KeyCommand(Console console) {
    super(console, List.of());
  }

  @Override
  public CommandLine commandLine() {
    CommandLine line = super.commandLine();
    line.addSubcommand(new KeyCreateCommand(console()).commandLine());
    line.addSubcommand(new KeyListCommand(console()).commandLine());
    line.addSubcommand(new KeyRevokeCommand(console()).commandLine());
    return line;
  }

  @Override
  Exit run(Settings settings) {
    throw new Refusal(Exit.USAGE, "key create, key list or key revoke? See: sluice key --help");
  }
}
