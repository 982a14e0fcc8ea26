package io.sluice.cli.commands;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Administration of the keys of access tokens, on the directory itself. */
@Command(
    name = "token-key",
    header = "Shows, makes, rotates and revokes the keys of access tokens.",
    description =
        "Those that Sluice signs with, and the secrets of tenants that mint their own tokens. Works"
            + " on the directory itself, in --data or in Redis; running gateways see a change within"
            + " a second. What is made is sealed under the master secret, which must be theirs.")
public final class TokenKeyCommand extends Configured {
  public TokenKeyCommand(Console console) {
    super(console, List.of());
  }

  @Override
  public CommandLine commandLine() {
    CommandLine line = super.commandLine();
    line.addSubcommand(new TokenKeyListCommand(console()).commandLine());
    line.addSubcommand(new TokenKeyCreateCommand(console()).commandLine());
    line.addSubcommand(new TokenKeyRotateCommand(console()).commandLine());
    line.addSubcommand(new TokenKeyRevokeCommand(console()).commandLine());
    return line;
  }

  @Override
  Exit run(Settings settings) {
    throw new Refusal(
        Exit.USAGE, "token-key list, create, rotate or revoke? See: sluice token-key --help");
  }
}
