package io.sluice.gateway.webhook;

import io.sluice.JobRecord;
import io.sluice.JobStore;
import io.sluice.Tenant;
import io.sluice.Tenants;
import io.sluice.Unavailable;
import io.sluice.Webhooks;
import io.sluice.Webhooks.Owed;
import io.sluice.Webhooks.Tried;
import io.sluice.gateway.token.KeySealing;
import io.sluice.gateway.upkeep.Answer;
import io.sluice.gateway.upkeep.Repeated;
import io.sluice.gateway.webhook.Sender.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what is owed to webhooks and tells them. Any number of gateways may; each has a bounded
 * number in hand, every one on a thread of its own, since a name may take its time to resolve.
 */
public final class Deliveries {
  private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(3);
  private static final Duration IDLE_THREADS = Duration.ofSeconds(30);

  /** A record that is being rebuilt, or secrets that this gateway cannot open. */
  private static final Duration NOT_NOW = Duration.ofMinutes(1);

  private final Ports ports;
  private final Optional<SealedSecrets> secrets;
  private final Sender sender;
  private final Verdicts verdicts;
  private final DeliveryReports reports;
  private final InstantSource clock;
  private final Hands hands = new Hands();
  private final ThreadPoolExecutor threads;
  private final Repeated rounds = new Repeated("webhooks", PAUSE, this::round);

  /** What it stands on. */
  public record Ports(Webhooks webhooks, JobStore store, Tenants tenants) {}

  Deliveries(
      Ports ports,
      Optional<KeySealing> sealing,
      Sender sender,
      Verdicts verdicts,
      DeliveryReports reports,
      InstantSource clock) {
    this.ports = ports;
    this.secrets = sealing.map(SealedSecrets::new);
    this.sender = sender;
    this.verdicts = verdicts;
    this.reports = reports;
    this.clock = clock;
    this.threads =
        new ThreadPoolExecutor(
            Hands.MAX,
            Hands.MAX,
            IDLE_THREADS.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("sluice-webhook-", 0).daemon().factory());
    threads.allowCoreThreadTimeOut(true);
    reports.inHand(hands::all);
  }

  /** A gateway without a master secret could sign nothing, and leaves it to those that can. */
  public void start() {
    if (secrets.isPresent()) {
      rounds.start();
    }
  }

  /** Takes nothing more, lets what is under way end for a moment, and gives the rest back. */
  public void stop() {
    rounds.stop();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
        threads.awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
    sender.close();
  }

  private void round() throws InterruptedException {
    List<Owed> taken;
    do {
      int free = hands.free();
      taken = free < 1 ? List.of() : Answer.of(ports.webhooks().take(free, hands.held()));
      taken.forEach(this::begin);
    } while (!taken.isEmpty());
  }

  private void begin(Owed owed) {
    hands.take(owed.target());
    threads.execute(
        () -> {
          try {
            deliver(owed);
          } catch (InterruptedException stopped) {
            // Nobody waits for it any more; if it is lost, the lease ends by itself.
            ports.webhooks().settle(owed, new Tried.NotTried(Duration.ZERO));
          } catch (Unavailable away) {
            LOG.warn("the webhook of {} waits: {} is away", owed.id(), away.part());
          } catch (RuntimeException bug) {
            LOG.error("the webhook of {} was not told and will be tried again", owed.id(), bug);
          } finally {
            hands.leave(owed.target());
          }
        });
  }

  private void deliver(Owed owed) throws InterruptedException {
    if (Answer.of(ports.store().find(owed.id())) instanceof JobStore.Lookup.Found found
        && found.record().job().webhook().isPresent()) {
      deliver(owed, found.record());
    } else {
      settle(owed, new Tried.NotTried(NOT_NOW));
    }
  }

  private void deliver(Owed owed, JobRecord record) throws InterruptedException {
    Optional<Tenant> tenant = Answer.of(ports.tenants().find(record.job().tenant()));
    Instant now = clock.instant();
    List<WebhookSecret> keys =
        tenant.flatMap(it -> secrets.map(all -> all.open(it, now))).orElse(List.of());
    if (keys.isEmpty()) {
      unsigned(owed, record, tenant);
      return;
    }
    long begun = System.nanoTime();
    Sender.Answer answer =
        sender.send(record.job().webhook().orElseThrow(), Message.of(record), keys, now);
    Tried tried = verdicts.of(record, answer, clock.instant());
    reports.tried(record, owed.target(), answer, tried, System.nanoTime() - begun);
    settle(owed, tried);
  }

  /** One that cannot be opened here may be opened elsewhere; without any nobody can sign. */
  private void unsigned(Owed owed, JobRecord record, Optional<Tenant> tenant)
      throws InterruptedException {
    if (tenant.filter(it -> !it.webhook().secrets().isEmpty()).isPresent()) {
      LOG.warn(
          "the webhook of {} waits: the secrets of tenant {} cannot be opened here (SLUICE_SECRET)",
          record.id(),
          record.job().tenant());
      settle(owed, new Tried.NotTried(NOT_NOW));
      return;
    }
    Sender.Answer none =
        new Sender.Answer.None(Problem.NO_SECRET, "there is no secret to sign it with");
    Tried tried = verdicts.of(record, none, clock.instant());
    reports.tried(record, owed.target(), none, tried, 0);
    settle(owed, tried);
  }

  private void settle(Owed owed, Tried tried) throws InterruptedException {
    if (!Answer.of(ports.webhooks().settle(owed, tried))) {
      LOG.info("the webhook of {} was taken by somebody else meanwhile", owed.id());
    }
  }
}
