package io.sluice.gateway.admin;

import io.sluice.AuditEvent.Action;
import io.sluice.Fleet;
import io.sluice.Fleet.Member;
import io.sluice.Fleet.Wish;
import io.sluice.gateway.Parameters;
import io.sluice.gateway.Reply;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;

/** {@code /admin/v1/workers}: the fleet, and what is wished of its workers. */
public final class WorkerRoutes {
  /** The default attempt and a little more, so that most jobs end where they run. */
  private static final int WITHIN_SECONDS = 130;

  private final Ledger ledger;
  private final Fleet fleet;

  WorkerRoutes(Ledger ledger, Fleet fleet) {
    this.ledger = ledger;
    this.fleet = fleet;
  }

  /** A page, by id: every worker that was heard of lately. */
  public void list(RoutingContext http) {
    ledger.act(
        http,
        Action.ADMIN_READ,
        "workers",
        act ->
            act.ask(fleet.all())
                .map(
                    all -> {
                      var page = Listing.page(http, all, one -> one.report().id(), WorkerView::of);
                      Reply.json(http, 200, page);
                      return null;
                    }));
  }

  public void get(RoutingContext http) {
    ledger.act(
        http,
        Action.ADMIN_READ,
        http.pathParam("id"),
        act -> act.ask(find(http)).map(worker -> answer(http, 200, worker)));
  }

  /** Has a worker pull nothing more, and give back what has not ended in time. */
  public void drain(RoutingContext http) {
    ledger.act(
        http,
        Action.WORKER_DRAIN,
        http.pathParam("id"),
        act -> {
          int max = Math.toIntExact(Wish.Drain.WITHIN_MAX.toSeconds());
          int seconds =
              Parameters.query(http, "within")
                  .map(text -> Parameters.number("within", text, 0, max))
                  .orElse(WITHIN_SECONDS);
          act.detail("within", seconds + "s");
          return wish(act, http, new Wish.Drain(Duration.ofSeconds(seconds)));
        });
  }

  /** Has a worker pull again. */
  public void resume(RoutingContext http) {
    ledger.act(
        http, Action.WORKER_RESUME, http.pathParam("id"), act -> wish(act, http, new Wish.Serve()));
  }

  private Future<Void> wish(Ledger.Act act, RoutingContext http, Wish wish) {
    return act.ask(find(http))
        .compose(worker -> act.change(() -> fleet.wish(worker.report().id(), wish)))
        .compose(known -> known ? act.ask(find(http)) : Future.failedFuture(notFound()))
        .map(worker -> answer(http, 202, worker));
  }

  private Future<Member> find(RoutingContext http) {
    String id = http.pathParam("id");
    return fleet
        .all()
        .map(
            all -> {
              Optional<Member> found =
                  all.stream().filter(one -> one.report().id().equals(id)).findAny();
              return found.orElseThrow(WorkerRoutes::notFound);
            });
  }

  private static Void answer(RoutingContext http, int status, Member worker) {
    Reply.json(http, status, WorkerView.of(worker));
    return null;
  }

  private static Refusal notFound() {
    return ProblemCode.WORKER_NOT_FOUND
        .with("It was not heard of for a while, or it left.")
        .refusal();
  }
}
