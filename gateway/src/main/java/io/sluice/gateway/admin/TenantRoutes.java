package io.sluice.gateway.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.AuditEvent.Action;
import io.sluice.Directory;
import io.sluice.Limits;
import io.sluice.Tenant;
import io.sluice.Tenants;
import io.sluice.gateway.Parameters;
import io.sluice.gateway.Reply;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;
import io.sluice.gateway.webhook.WebhookSecret;
import io.sluice.gateway.webhook.WebhookUrl;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** {@code /admin/v1/tenants}: what is set for tenants, and what that makes of the standard. */
public final class TenantRoutes {
  private final Ledger ledger;
  private final Bodies bodies;
  private final Tenants tenants;
  private final Directory directory;
  private final Limits standard;
  private final WebhookSecretRoute secrets;
  private final WebhookUrl urls;

  TenantRoutes(
      Ledger ledger,
      Bodies bodies,
      Tenants tenants,
      Directory directory,
      Limits standard,
      WebhookSecretRoute secrets,
      WebhookUrl urls) {
    this.ledger = ledger;
    this.bodies = bodies;
    this.tenants = tenants;
    this.directory = directory;
    this.standard = standard;
    this.secrets = secrets;
    this.urls = urls;
  }

  /** A page, by name: every tenant that has a key or limits of its own. */
  public void list(RoutingContext http) {
    ledger.act(
        http,
        Action.ADMIN_READ,
        "tenants",
        act ->
            act.ask(all())
                .map(all -> Listing.page(http, all, Tenant::name, this::view))
                .map(page -> answer(http, page)));
  }

  private Future<List<Tenant>> all() {
    return directory
        .keys()
        .compose(
            keys ->
                tenants
                    .all()
                    .map(
                        set -> {
                          TreeMap<String, Tenant> byName = new TreeMap<>();
                          keys.forEach(key -> byName.put(key.tenant(), unset(key.tenant())));
                          set.forEach(tenant -> byName.put(tenant.name(), tenant));
                          return List.copyOf(byName.values());
                        }));
  }

  public void get(RoutingContext http) {
    ledger.act(
        http,
        Action.ADMIN_READ,
        http.pathParam("name"),
        act ->
            act.ask(known(name(http)))
                .map(tenant -> answer(http, view(tenant.orElseThrow(TenantRoutes::notFound)))));
  }

  private Future<Optional<Tenant>> known(String name) {
    return tenants
        .find(name)
        .compose(
            set ->
                set.isPresent()
                    ? Future.succeededFuture(set)
                    : directory
                        .keys()
                        .map(
                            keys ->
                                keys.stream()
                                    .filter(key -> key.tenant().equals(name))
                                    .findAny()
                                    .map(key -> unset(name))));
  }

  /**
   * Sets a tenant's own limits, in place of those it had, and its weight and its webhook where they
   * are named. With its first webhook it gets a secret, which is shown once.
   */
  public void put(RoutingContext http) {
    ledger.act(
        http,
        Action.TENANT_CHANGE,
        http.pathParam("name"),
        act -> {
          String name = name(http);
          return bodies
              .read(http, LimitsBody.NAMES, fields -> LimitsBody.read(fields, urls))
              .compose(body -> put(act, name, body))
              .map(view -> answer(http, view));
        });
  }

  private Future<ObjectNode> put(Ledger.Act act, String name, LimitsBody body) {
    return act.ask(tenants.find(name))
        .compose(
            before -> {
              Tenant after = changed(before.orElseGet(() -> unset(name)), body);
              boolean first =
                  after.webhook().url().isPresent() && after.webhook().secrets().isEmpty();
              return first ? putWithSecret(act, before, after) : put(act, before, after);
            });
  }

  private static Tenant changed(Tenant before, LimitsBody body) {
    Tenant.Webhook webhook =
        body.webhook().map(asked -> before.webhook().url(asked.url())).orElse(before.webhook());
    return new Tenant(before.name(), body.limits(), body.weight().orElse(before.weight()), webhook);
  }

  private Future<ObjectNode> put(Ledger.Act act, Optional<Tenant> before, Tenant after) {
    act.ofTenant(after.name())
        .detail("before", before.map(LimitsView::text).orElse("unset"))
        .detail("after", LimitsView.text(after));
    return act.change(() -> tenants.put(after)).map(done -> view(after));
  }

  private Future<ObjectNode> putWithSecret(
      Ledger.Act act, Optional<Tenant> before, Tenant without) {
    act.needKey();
    WebhookSecret secret = WebhookSecret.random();
    act.detail("secret", secret.digest());
    return secrets
        .rotated(without, secret, Duration.ZERO)
        .compose(after -> put(act, before, after))
        .map(
            view -> {
              view.withObject("webhook").put("secret", secret.text());
              return view;
            });
  }

  /** Forgets a tenant's own limits; the standard applies again. Keys and jobs stay. */
  public void remove(RoutingContext http) {
    ledger.act(
        http,
        Action.TENANT_REMOVE,
        http.pathParam("name"),
        act ->
            act.ask(tenants.find(name(http)))
                .compose(before -> remove(act, before.orElseThrow(TenantRoutes::notFound)))
                .map(
                    removed -> {
                      Reply.empty(http, 204);
                      return null;
                    }));
  }

  private Future<Boolean> remove(Ledger.Act act, Tenant before) {
    act.ofTenant(before.name()).detail("before", LimitsView.text(before)).detail("after", "unset");
    return act.change(() -> tenants.remove(before.name()));
  }

  private ObjectNode view(Tenant tenant) {
    ObjectNode json = LimitsView.of(tenant);
    json.set("effective", LimitsView.of(tenant.limits().or(standard)));
    return json;
  }

  private static Tenant unset(String name) {
    return new Tenant(name, Limits.NONE);
  }

  static String name(RoutingContext http) {
    String name = http.pathParam("name");
    if (!name.matches(Tenant.NAME_FORM)) {
      throw Parameters.malformed(
              "A tenant's name has 1 to 64 letters, digits, dots, dashes and underscores.")
          .refusal();
    }
    return name;
  }

  private static Void answer(RoutingContext http, ObjectNode body) {
    Reply.json(http, 200, body);
    return null;
  }

  private static Refusal notFound() {
    return ProblemCode.TENANT_NOT_FOUND.with("Nothing is set for it, nor has it a key.").refusal();
  }
}
