package io.sluice.cli.commands;

import io.sluice.AuditEvent.Action;
import io.sluice.Limits;
import io.sluice.Tenant;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import io.sluice.gateway.admin.WebhookView;
import io.sluice.gateway.submit.Durations;
import io.sluice.gateway.webhook.SealedSecrets;
import io.sluice.gateway.webhook.WebhookSecret;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a secret for a tenant's webhooks. */
@Command(
    name = "webhook-secret",
    header = "Makes a secret that messages to a tenant's webhooks are signed with.",
    description =
        "It is printed, once. Every gateway signs with it within a second, and for --overlap with"
            + " those before it too, so that receivers change over when they like.")
final class TenantWebhookSecretCommand extends Configured {
  @Parameters(paramLabel = "NAME", description = "the tenant")
  private String name;

  @Option(
      names = "--overlap",
      paramLabel = "TIME",
      description = "how long the secrets before it still sign, 0s to 168h; 24h unless set")
  private Optional<String> overlap = Optional.empty();

  @Option(names = "--json", description = "print it and all about it as one line of JSON")
  private boolean json;

  TenantWebhookSecretCommand(Console console) {
    super(console, TenantWebhook.GROUPS);
  }

  @Override
  Exit run(Settings settings) {
    TenantLimits.checkName(name);
    Duration until = overlap.map(TenantWebhookSecretCommand::read).orElse(SealedSecrets.OVERLAP);
    WebhookSecret secret = WebhookSecret.random();
    Tenant after;
    try (Desk desk = Desk.open(settings)) {
      Tenant before =
          desk.ask(ports -> ports.tenants().find(name))
              .orElseGet(() -> new Tenant(name, Limits.NONE));
      after = TenantWebhook.rotated(settings, before, secret, until);
      Desk.Change change =
          new Desk.Change(
              Action.WEBHOOK_SECRET_CREATE,
              Optional.of(name),
              name,
              before.webhook().secrets().size() + " secrets",
              secret.digest());
      desk.change(change, ports -> ports.tenants().put(after));
    }
    console()
        .out()
        .println(
            json ? Json.write(WebhookView.made(after, secret.text())) : "secret  " + secret.text());
    return Exit.OK;
  }

  private static Duration read(String text) {
    return Durations.parse(text)
        .filter(it -> it.compareTo(SealedSecrets.OVERLAP_MAX) <= 0)
        .orElseThrow(() -> new Refusal(Exit.USAGE, "--overlap: '" + text + "' is not 0s to 168h"));
  }
}
