package io.sluice.cli.commands;

import io.sluice.Limits;
import io.sluice.Tenant;
import io.sluice.cli.Exit;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a tenant's own limits. */
@Command(
    name = "show",
    header = "Shows the weight and the limits that are set for a tenant.",
    description = "Where they say nothing, the standard of the gateways applies (--limit there).")
final class TenantShowCommand extends Configured {
  @Parameters(paramLabel = "NAME", description = "the tenant")
  private String name;

  @Option(names = "--json", description = "print them as one line of JSON")
  private boolean json;

  TenantShowCommand(Console console) {
    super(console, Keys.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    TenantLimits.checkName(name);
    Tenant tenant;
    try (Desk desk = Desk.open(settings)) {
      tenant = desk.ask(ports -> ports.tenants().find(name)).orElse(new Tenant(name, Limits.NONE));
    }
    TenantLimits.print(console(), tenant, json);
    return Exit.OK;
  }
}
