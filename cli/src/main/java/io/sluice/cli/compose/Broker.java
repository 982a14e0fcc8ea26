package io.sluice.cli.compose;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.ApiKey;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditLog;
import io.sluice.Directory;
import io.sluice.FileStore;
import io.sluice.HealthCheck;
import io.sluice.JobListener;
import io.sluice.TextExtraction;
import io.sluice.Unavailable;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.Version;
import io.sluice.cli.settings.DocumentSettings;
import io.sluice.documents.ReaderProcesses;
import io.sluice.file.FileAudit;
import io.sluice.folder.DiskFileStore;
import io.sluice.gateway.Bounds;
import io.sluice.gateway.Gateway;
import io.sluice.gateway.GatewayConfig;
import io.sluice.gateway.GatewayEnvironment;
import io.sluice.gateway.token.UnusableKeys;
import io.sluice.gateway.trail.Trail;
import io.sluice.worker.EngineConfig;
import io.sluice.worker.FleetMember;
import io.sluice.worker.ModelReports;
import io.sluice.worker.ModelServer;
import io.sluice.worker.Worker;
import io.sluice.worker.WorkerConfig;
import io.sluice.worker.plan.Gpus;
import io.sluice.worker.plan.NvidiaSmi;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of Sluice that run in this process. Closing it stops them: it says that it is not
 * ready, lets running jobs finish, and closes everything in the reverse order of its start. Used by
 * one thread.
 */
public final class Broker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Broker.class);
  private static final Duration START = Duration.ofSeconds(30);

  /** How long a process that reads documents waits for the next one. */
  private static final Duration READERS_KEPT = Duration.ofMinutes(1);

  private static final Duration LATER = Duration.ofSeconds(2);
  private static final Duration CLOSE_VERTX = Duration.ofSeconds(8);

  /** For giving back what did not finish, on top of the time to finish it. */
  private static final Duration GIVE_BACK = Duration.ofSeconds(15);

  private final Plan plan;
  private final Parts parts;
  private final AuditLog audit;
  private final ProcessTrail trail;
  private final Recorder recorder;
  private final Vertx vertx;
  private final Stack stack = new Stack();
  private final Stopping stopping = new Stopping();
  private final List<HealthCheck> checks = new ArrayList<>();
  private final PrometheusMeterRegistry meters;
  private final String instance = Instance.name();
  private Duration linger = Duration.ZERO;
  private final EngineHealth engineHealth = new EngineHealth();
  private final Gpus gpus = NvidiaSmi.ofThisMachine();
  private final Worker.About about =
      new Worker.About(Instance.host(), Version.number(), Instant.now());

  private Broker(Plan plan, Parts parts, AuditLog audit, PrometheusMeterRegistry meters) {
    this.plan = plan;
    this.parts = parts;
    this.audit = audit;
    this.trail = new ProcessTrail(audit);
    this.recorder = Recorder.on(audit);
    this.meters = meters;
    this.vertx = Listening.vertx(plan, meters);
  }

  /** Opens the ports of a plan; nothing is served yet. */
  public static Broker open(Plan plan) {
    FileAudit audit = Audits.open(plan.guards().audit(), plan.data());
    Parts parts = open(plan, audit);
    Broker broker =
        new Broker(plan, parts, audit, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    broker.stack.push("the audit log", audit);
    ProcessMetrics.bind(broker.meters);
    broker.stack.push("Vert.x", () -> Waiting.await(broker.vertx.close(), CLOSE_VERTX));
    broker.stack.push(parts.form(), parts);
    broker.checks.addAll(parts.checks());
    broker.checks.add(audit.health());
    broker.checks.add(broker.stopping);
    broker.trail.started(broker.instance, parts.form());
    return broker;
  }

  private static Parts open(Plan plan, FileAudit audit) {
    try {
      return plan.open(audit);
    } catch (RuntimeException e) {
      audit.close();
      throw e;
    }
  }

  public Directory directory() {
    return parts.directory();
  }

  /** Adds a key, which works from now on. */
  public void add(ApiKey key) {
    recorder.record(
        Action.KEY_CREATE,
        event -> KeyFacts.of(key, event),
        () -> Waiting.await(parts.directory().add(key), START));
  }

  public void revoke(String keyId) {
    recorder.record(
        Action.KEY_REVOKE,
        event -> event.target(keyId),
        () -> Waiting.await(parts.directory().revoke(keyId, Instant.now()), START));
  }

  public String form() {
    return parts.form();
  }

  /** Serves HTTP, and says where. Fails with the cause where it cannot, such as a taken port. */
  public URI serve() {
    return serve(plan.listen().port());
  }

  /** Serves HTTP on another port than the plan's; 0 takes any free one. */
  public URI serve(int port) {
    warnOfClearText();
    Gateway gateway =
        new Gateway(
            new GatewayEnvironment(vertx, InstantSource.system(), listeners(), meters),
            parts.gateway(files()).extraction(extraction()).checks(checks),
            gatewayConfig(port));
    start(gateway);
    stack.push("the gateway", () -> Waiting.await(gateway.stop(), Duration.ofSeconds(8)));
    return plan.guards()
        .transport()
        .gateway()
        .map(tls -> Instance.httpsUrl(plan.listen().host(), gateway.port(), tls.files().read()))
        .orElseGet(() -> Instance.url(plan.listen().host(), gateway.port()));
  }

  private FileStore files() {
    try {
      return DiskFileStore.open(plan.files().folder(plan.data()), InstantSource.system());
    } catch (UncheckedIOException e) {
      throw new Refusal(Exit.CANNOT_START, e.getMessage());
    }
  }

  private TextExtraction extraction() {
    DocumentSettings documents = plan.documents();
    ReaderProcesses readers =
        new ReaderProcesses(
            new ReaderProcesses.Settings(
                documents.processes(),
                documents.mebibytes() * 1024L * 1024,
                documents.timeout(),
                READERS_KEPT),
            InstantSource.system());
    return new MeteredExtraction(stack.push("the readers of documents", readers), meters);
  }

  private static void start(Gateway gateway) {
    try {
      Waiting.await(gateway.start(), START);
    } catch (UnusableKeys e) {
      throw new Refusal(Exit.CANNOT_START, e.getMessage());
    }
  }

  /**
   * Says that {@link #work} will follow: readiness tells of the engines too, and a plan whose slots
   * cannot be found out is refused before anything is served.
   */
  public Broker withWorker() {
    checks.add(engineHealth.told());
    if (new EngineSlots(plan, gpus).ask() instanceof EngineSlots.Answer.Never never) {
      close();
      throw new Refusal(Exit.CANNOT_START, never.why());
    }
    return this;
  }

  /**
   * Pulls jobs and runs them on the plan's engines, as soon as it is known how many requests each
   * of them gets. Refuses an engine that other hosts reach without it, where the plan says so, and
   * a plan whose slots cannot be found out.
   */
  public void work() {
    for (URI url : plan.engine().urls()) {
      EngineAccess.check(url, plan.guards().transport().check());
    }
    EngineSlots slots = new EngineSlots(plan, gpus);
    switch (slots.ask()) {
      case EngineSlots.Answer.Known known -> work(known);
      case EngineSlots.Answer.Never never -> throw new Refusal(Exit.CANNOT_START, never.why());
      case EngineSlots.Answer.Later later -> workLater(slots, later.why());
    }
  }

  private void workLater(EngineSlots slots, String why) {
    LOG.warn("the slots are not known yet: {}; jobs wait until one does", why);
    engineHealth.waitsFor(why);
    stack.push(
        "the wait for an engine",
        Repeated.start(
            "slots",
            LATER,
            () -> {
              EngineSlots.Answer answer = slots.ask();
              switch (answer) {
                case EngineSlots.Answer.Known known -> work(known);
                case EngineSlots.Answer.Later later -> engineHealth.waitsFor(later.why());
                case EngineSlots.Answer.Never never -> cannotWork(never.why());
              }
              return !(answer instanceof EngineSlots.Answer.Known);
            }));
  }

  private void cannotWork(String why) {
    if (engineHealth.waitsFor(why)) {
      LOG.error("no job can run: {}", why);
    }
  }

  private void work(EngineSlots.Answer.Known slots) {
    slots.plan().ifPresent(planned -> EngineSlots.tell(planned, plan.pools()));
    WorkerMetrics metrics = new WorkerMetrics(meters);
    List<EngineConfig> engines =
        plan.engine().urls().stream().map(url -> engine(url, slots.slots())).toList();
    Worker worker =
        new Worker(
            parts.worker(),
            engines,
            workerConfig(),
            new Listeners(List.of(listeners(), metrics)),
            InstantSource.system());
    metrics.watch(worker);
    FleetMember member = new FleetMember(parts.fleet(), worker, about, InstantSource.system());
    ModelReports models = new ModelReports(parts.fleet(), worker);
    stack.push("the place in the fleet", member);
    stack.push("what is told of the models", models);
    stack.push("the worker", plan.worker().drain().plus(GIVE_BACK), () -> Drain.of(worker));
    worker.start();
    member.start();
    models.start();
    engineHealth.watch(worker::outages, () -> worker.gauges().engineReady());
    stack.push(
        "the watch of the memory",
        new MemoryWatch(plan, meters, gpus).start(worker, engines, slots.plan()));
  }

  private EngineConfig engine(URI url, int slots) {
    ModelServer server = stack.push("the engine's client", Engines.open(url, plan, gpus));
    return new EngineConfig(
        name(url),
        server,
        slots,
        Engines.tokens(plan.engine(), plan.pools(), slots),
        plan.engine().calibrate().wanted(!plan.engine().slots().isAuto()));
  }

  /** Its host, and its port where one is named; never a password. */
  private static String name(URI url) {
    return url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort()) + url.getPath();
  }

  /** Serves a worker's health and metrics, if the plan names a port for them. */
  public void observe() {
    List<HealthCheck> observed = new ArrayList<>(checks);
    observed.add(engineHealth.needed());
    observed.add(engineHealth.told());
    plan.worker()
        .healthPort()
        .map(port -> HealthServer.start(vertx, plan.listen().host(), port, observed, meters))
        .ifPresent(server -> stack.push("the health server", server));
  }

  /** What keeps this process from being ready, one sentence; nothing when it is. */
  public Optional<String> unready() {
    for (HealthCheck check : checks.stream().filter(HealthCheck::required).toList()) {
      try {
        Waiting.await(check.check(), Duration.ofSeconds(3));
      } catch (Unavailable e) {
        return Optional.of(check.name() + ": " + e.getMessage());
      }
    }
    return Optional.empty();
  }

  /**
   * How long it goes on serving after it has said that it is not ready, so that whoever spreads
   * requests over gateways sends it none when it stops. None unless this is called.
   */
  public void lingers(Duration time) {
    linger = time;
  }

  @Override
  public void close() {
    stopping.begin();
    trail.stopping(instance);
    linger();
    stack.close();
  }

  /** Whoever interrupts it has no time for that. */
  private void linger() {
    try {
      Thread.sleep(linger);
    } catch (InterruptedException e) {
      LOG.debug("stops at once");
    }
  }

  private void warnOfClearText() {
    if (plan.guards().transport().gateway().isEmpty()
        && !Instance.isLoopback(plan.listen().host())) {
      LOG.warn(
          "the gateway speaks HTTP in clear on {}: keys and prompts can be read on the way; set"
              + " SLUICE_TLS_CERT and SLUICE_TLS_KEY, or put TLS in front",
          plan.listen().host());
    }
  }

  private JobListener listeners() {
    return new Listeners(
        List.of(
            new JobLog(),
            new JobTrail(new Trail(audit, InstantSource.system(), meters), instance)));
  }

  private GatewayConfig gatewayConfig(int port) {
    return GatewayConfig.of(port, instance, plan.pools())
        .host(plan.listen().host())
        .tokens(plan.guards().tokens())
        .tls(plan.guards().transport().gateway())
        .auth(plan.guards().auth())
        .webhooks(plan.guards().webhooks())
        .held(plan.guards().connections().held().continues(plan.worker().continues().isOn()))
        .cache(plan.cache())
        .files(plan.files().config())
        .standardLimits(plan.limits().limits().or(plan.limits().bounds().limits()))
        .limits(
            Bounds.DEFAULT
                .promptTokensMax(plan.limits().promptTokens())
                .connections(plan.guards().connections().connections())
                .streams(plan.guards().connections().streams())
                .batches(plan.batches().config()));
  }

  private WorkerConfig workerConfig() {
    WorkerConfig.Deadlines standard = WorkerConfig.Deadlines.DEFAULT;
    return WorkerConfig.of(instance, Set.copyOf(plan.pools()))
        .thinkingTokens(plan.worker().thinkingTokens())
        .continues(plan.worker().continues().isOn())
        .with(
            new WorkerConfig.Deadlines(
                standard.firstToken(),
                standard.betweenTokens(),
                atLeastAMoment(plan.worker().drain()),
                standard.giveBack()));
  }

  private static Duration atLeastAMoment(Duration drain) {
    return drain.isZero() ? Duration.ofMillis(1) : drain;
  }

  /** Fails from the moment that the process was told to stop. */
  private static final class Stopping implements HealthCheck {
    private volatile boolean begun;

    void begin() {
      begun = true;
    }

    @Override
    public String name() {
      return "process";
    }

    @Override
    public Future<Void> check() {
      return begun
          ? Future.failedFuture(new Unavailable("process", "it is stopping"))
          : Future.succeededFuture();
    }
  }
}
