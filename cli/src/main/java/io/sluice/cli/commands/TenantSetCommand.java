package io.sluice.cli.commands;

import io.sluice.AuditEvent.Action;
import io.sluice.Limits;
import io.sluice.Tenant;
import io.sluice.cli.Exit;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.gateway.admin.LimitsView;
import io.sluice.gateway.webhook.WebhookSecret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sets a tenant's own limits. */
@Command(
    name = "set",
    header =
        "Sets limits, the weight and the webhook of a tenant; what is not named stays as it is.",
    description = "Prints what is set then. Every gateway goes by it within a second.")
final class TenantSetCommand extends Configured {
  @Parameters(paramLabel = "NAME", description = "the tenant")
  private String name;

  @Option(
      names = "--limit",
      paramLabel = "LIMIT=N",
      description =
          "a limit and its number, such as tenant_requests_per_minute=600, enforced unless"
              + " --shadow-limit names it too; repeat it")
  private List<String> numbers = new ArrayList<>();

  @Option(
      names = "--shadow-limit",
      paramLabel = "LIMIT",
      description = "a limit, its own or the standard's, that is only counted; repeat it")
  private List<String> shadow = new ArrayList<>();

  @Option(
      names = "--no-limit",
      paramLabel = "LIMIT",
      description = "a limit for which the standard is to apply again; repeat it")
  private List<String> gone = new ArrayList<>();

  @Option(
      names = "--weight",
      paramLabel = "N",
      description =
          "its weight, 1 to 1000; 1 unless set. While others wait too, twice the weight is twice"
              + " the share")
  private Optional<String> weight = Optional.empty();

  @Option(
      names = "--webhook",
      paramLabel = "URL",
      description =
          "where the ends of its jobs are told that name no webhook of their own; with its first"
              + " one a secret is made and printed, once")
  private Optional<String> webhook = Optional.empty();

  @Option(names = "--no-webhook", description = "the ends of such jobs are told nowhere")
  private boolean noWebhook;

  @Option(names = "--json", description = "print what is set then as one line of JSON")
  private boolean json;

  TenantSetCommand(Console console) {
    super(console, TenantWebhook.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    TenantLimits.checkName(name);
    TenantWebhook told = TenantWebhook.parse(settings, webhook, noWebhook);
    TenantLimits asked = TenantLimits.parse(numbers, shadow, gone, weight, told.named());
    WebhookSecret secret = WebhookSecret.random();
    boolean first;
    Tenant after;
    try (Desk desk = Desk.open(settings)) {
      Optional<Tenant> before = desk.ask(ports -> ports.tenants().find(name));
      Tenant changed =
          told.appliedTo(asked.appliedTo(before.orElseGet(() -> new Tenant(name, Limits.NONE))));
      first = changed.webhook().url().isPresent() && changed.webhook().secrets().isEmpty();
      after = first ? TenantWebhook.rotated(settings, changed, secret, Duration.ZERO) : changed;
      Desk.Change change =
          new Desk.Change(
              Action.TENANT_CHANGE,
              Optional.of(name),
              name,
              before.map(LimitsView::text).orElse("unset"),
              LimitsView.text(after));
      desk.change(change, ports -> ports.tenants().put(after));
    }
    TenantLimits.print(
        console(), after, json, first ? Optional.of(secret.text()) : Optional.empty());
    return Exit.OK;
  }
}
