package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sluice.Limits;
import io.sluice.Tenant;
import io.sluice.cli.Exit;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import io.sluice.gateway.admin.LimitsView;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows every tenant that has a key or limits of its own. */
@Command(name = "list", header = "Shows the tenants that have keys or limits of their own.")
final class TenantListCommand extends Configured {
  @Option(names = "--json", description = "print them as a JSON array")
  private boolean json;

  TenantListCommand(Console console) {
    super(console, Keys.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    TreeMap<String, Tenant> tenants = new TreeMap<>();
    try (Desk desk = Desk.open(settings)) {
      desk.ask(ports -> ports.keys().keys())
          .forEach(key -> tenants.put(key.tenant(), new Tenant(key.tenant(), Limits.NONE)));
      desk.ask(ports -> ports.tenants().all()).forEach(it -> tenants.put(it.name(), it));
    }
    if (json) {
      ArrayNode all = Json.MAPPER.createArrayNode();
      tenants.values().forEach(tenant -> all.add(LimitsView.of(tenant)));
      console().out().println(Json.write(all));
    } else {
      tenants.values().forEach(tenant -> console().out().println(row(tenant)));
    }
    return Exit.OK;
  }

  private static String row(Tenant tenant) {
    return "%-16s  %s".formatted(tenant.name(), TenantLimits.text(tenant));
  }
}
