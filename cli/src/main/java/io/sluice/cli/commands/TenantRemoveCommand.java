package io.sluice.cli.commands;

import io.sluice.AuditEvent.Action;
import io.sluice.Tenant;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import io.sluice.gateway.admin.LimitsView;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Forgets what was set for a tenant. */
@Command(
    name = "remove",
    header = "Forgets what was set for a tenant; its keys and jobs stay.",
    description =
        "The standard limits and the weight 1 apply again. To end a tenant, revoke its keys.")
final class TenantRemoveCommand extends Configured {
  @Parameters(paramLabel = "NAME", description = "the tenant")
  private String name;

  @Option(names = "--json", description = "say so in JSON")
  private boolean json;

  TenantRemoveCommand(Console console) {
    super(console, Keys.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    TenantLimits.checkName(name);
    try (Desk desk = Desk.open(settings)) {
      Optional<Tenant> before = desk.ask(ports -> ports.tenants().find(name));
      if (before.isEmpty()) {
        throw new Refusal(Exit.REFUSED, "nothing is set for a tenant '" + name + "'");
      }
      Desk.Change change =
          new Desk.Change(
              Action.TENANT_REMOVE,
              Optional.of(name),
              name,
              LimitsView.text(before.get()),
              "unset");
      desk.change(change, ports -> ports.tenants().remove(name));
    }
    console()
        .out()
        .println(
            json
                ? Json.write(Json.object().put("name", name).put("removed", true))
                : name + " has the standard limits");
    return Exit.OK;
  }
}
