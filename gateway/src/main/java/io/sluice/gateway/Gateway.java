package io.sluice.gateway;

import com.github.benmanes.caffeine.cache.Ticker;
import io.sluice.JobListener;
import io.sluice.Pool;
import io.sluice.gateway.admin.Administration;
import io.sluice.gateway.auth.ApiKeyAuthentication;
import io.sluice.gateway.auth.Attempts;
import io.sluice.gateway.auth.BearerAuthentication;
import io.sluice.gateway.auth.Forwarding;
import io.sluice.gateway.auth.Gate;
import io.sluice.gateway.auth.LastUses;
import io.sluice.gateway.auth.ScopeRefusals;
import io.sluice.gateway.auth.Watch;
import io.sluice.gateway.batch.Batches;
import io.sluice.gateway.batch.Endpoints;
import io.sluice.gateway.bulk.BulkJobs;
import io.sluice.gateway.bulk.Drivers;
import io.sluice.gateway.bulk.ResultStream;
import io.sluice.gateway.cache.CacheGauges;
import io.sluice.gateway.cache.Sharings;
import io.sluice.gateway.catalogue.Catalogue;
import io.sluice.gateway.catalogue.Listings;
import io.sluice.gateway.files.FileRoutes;
import io.sluice.gateway.files.FileSweep;
import io.sluice.gateway.files.Files;
import io.sluice.gateway.held.HeldConfig;
import io.sluice.gateway.held.HeldRequests;
import io.sluice.gateway.limit.LimitReport;
import io.sluice.gateway.limit.PressureReport;
import io.sluice.gateway.limit.Smoothing;
import io.sluice.gateway.limit.TenantTerms;
import io.sluice.gateway.ollama.Ollama;
import io.sluice.gateway.openai.OpenAi;
import io.sluice.gateway.pipeline.PipelineConfig;
import io.sluice.gateway.pipeline.Pipelines;
import io.sluice.gateway.pipeline.Uploads;
import io.sluice.gateway.problem.ProblemHandler;
import io.sluice.gateway.responses.Responses;
import io.sluice.gateway.stream.CallerWatch;
import io.sluice.gateway.stream.EventStream;
import io.sluice.gateway.stream.JobWait;
import io.sluice.gateway.stream.KeepAlive;
import io.sluice.gateway.stream.LogReader;
import io.sluice.gateway.stream.Readers;
import io.sluice.gateway.submit.Counting;
import io.sluice.gateway.submit.JobReader;
import io.sluice.gateway.submit.PublishMarks;
import io.sluice.gateway.submit.Submission;
import io.sluice.gateway.submit.Unanswered;
import io.sluice.gateway.tls.ServerCertificate;
import io.sluice.gateway.token.TokenPorts;
import io.sluice.gateway.token.Tokens;
import io.sluice.gateway.trail.RepeatedEvents;
import io.sluice.gateway.trail.Trail;
import io.sluice.gateway.upkeep.BacklogWatch;
import io.sluice.gateway.upkeep.CacheWatch;
import io.sluice.gateway.upkeep.CertificateReload;
import io.sluice.gateway.upkeep.DueSweep;
import io.sluice.gateway.upkeep.KeyUses;
import io.sluice.gateway.upkeep.LaneSweep;
import io.sluice.gateway.upkeep.LaneWalk;
import io.sluice.gateway.upkeep.ModelsWatch;
import io.sluice.gateway.upkeep.PoisonLane;
import io.sluice.gateway.upkeep.PressureWatch;
import io.sluice.gateway.upkeep.Repeated;
import io.sluice.gateway.upkeep.RepeatedReports;
import io.sluice.gateway.upkeep.UnansweredUndos;
import io.sluice.gateway.upkeep.UnpublishedRefunds;
import io.sluice.gateway.waiting.BacklogGauges;
import io.sluice.gateway.waiting.Outlooks;
import io.sluice.gateway.waiting.WaitingReaders;
import io.sluice.gateway.webhook.Deliveries;
import io.sluice.gateway.webhook.Telling;
import io.sluice.gateway.webhook.WebhookUrl;
import io.sluice.tokens.Qwen3Tokens;
import io.sluice.tokens.TokenCounters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway: HTTP in, jobs out. Started once, stopped once; the environment and the ports belong
 * to whoever made them.
 */
public final class Gateway {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  private final GatewayEnvironment environment;
  private final GatewayPorts ports;
  private final GatewayConfig config;
  private final Vertx vertx;
  private final JobListener listener;
  private final Metrics metrics;
  private final KeepAlive keepAlive;
  private final PublishMarks marks;
  private final Unanswered unanswered;
  private final Counting counting;
  private final Tokens tokens;
  private final BearerAuthentication authentication;
  private final CallerWatch callers;
  private final Outlooks outlooks;
  private final WaitingReaders waiting;
  private final Listings listings;
  private final Trail trail;
  private final LastUses uses;
  private final Watch watch;
  private final RepeatedEvents breaches;
  private final PressureReport pressure;
  private final JobWait waits;
  private final Readers readers;
  private final JobReports reports;
  private final Body body;
  private final Submission submission;
  private final Intake intake;
  private final Files files;
  private final BulkJobs bulk;
  private final Batches batches;
  private final Pipelines pipelines;
  private final List<Drivers> drivers;
  private final HeldRequests held;
  private final Routes routes;
  private final Optional<ServerCertificate> certificate;
  private final HttpServers servers;
  private final List<Repeated> upkeep;
  private final Deliveries deliveries;

  public Gateway(GatewayEnvironment environment, GatewayPorts given, GatewayConfig config) {
    this.environment = environment;
    this.config = config;
    this.vertx = environment.vertx();
    this.metrics = new Metrics(environment.meters());
    this.ports = given.queue(metrics.timed(given.queue()));
    this.listener = new Listeners(metrics, environment.listener());
    this.keepAlive = new KeepAlive(vertx, config.timing().keepAlive());
    this.marks = new PublishMarks(vertx, ports.admission());
    this.unanswered = new Unanswered(ports.admission());
    JobReader reader = new JobReader(config, environment.clock());
    this.counting = new Counting(vertx, reader);
    this.trail = new Trail(ports.audit(), environment.clock(), environment.meters());
    this.uses = new LastUses(ports.access().keys(), environment.clock());
    RepeatedEvents repeated = new RepeatedEvents(trail, environment.clock());
    this.watch =
        new Watch(
            trail,
            repeated,
            new Attempts(
                vertx,
                config.auth(),
                uses,
                new Attempts.Log(trail, repeated, environment.meters(), environment.clock())));
    this.tokens =
        new Tokens(
            vertx,
            new TokenPorts(
                ports.access().keys(), ports.access().grants(), ports.access().tokenKeys()),
            config.tokens(),
            environment.clock(),
            environment.meters(),
            watch);
    this.authentication =
        tokens.with(new ApiKeyAuthentication(ports.access().keys(), environment.clock()));
    this.callers =
        new CallerWatch(
            vertx,
            authentication,
            environment.clock(),
            config.limits().streams().unknownMax(),
            environment.meters());
    this.listings =
        new Listings(vertx, ports.fleet(), config.pools(), environment.clock().instant());
    this.outlooks = new Outlooks(vertx, ports.backlog(), config.pools());
    this.waiting = new WaitingReaders(vertx, outlooks);
    this.breaches = new RepeatedEvents(trail, environment.clock());
    this.pressure = new PressureReport(config.pools(), environment.meters(), trail);
    this.waits = new JobWait(vertx, ports.store(), ports.events());
    this.readers = new Readers(config.limits().streams(), environment.meters());
    this.reports = new JobReports(listener, trail, watch.repeated());
    this.body = new Body(vertx, config);
    this.submission = submission();
    this.intake = new Intake(vertx, submission, ports.store(), reports);
    this.files = new Files(ports.files(), environment.clock());
    this.bulk =
        new BulkJobs(
            submission, reader, waits, ports.store(), ports.admission(), environment.clock());
    this.batches = batches(reader);
    this.pipelines = pipelines();
    this.drivers = List.of(batches.drivers(), pipelines.drivers());
    this.held = held();
    this.routes = routes();
    this.certificate =
        config
            .tls()
            .map(
                tls ->
                    new ServerCertificate(tls, environment.clock(), environment.meters(), trail));
    this.servers = new HttpServers(vertx, config, certificate, environment.meters());
    this.deliveries =
        Telling.of(
            vertx,
            new Deliveries.Ports(ports.webhooks(), ports.store(), ports.access().tenants()),
            config.webhooks(),
            config.tokens().sealing(),
            environment.clock(),
            new Telling.Reports(environment.meters(), trail, watch.repeated()));
    this.upkeep =
        Stream.concat(
                certificate
                    .map(own -> new CertificateReload(own, servers::update).repeated())
                    .stream(),
                Stream.of(
                    new DueSweep(
                            ports.store(),
                            listener,
                            environment.clock(),
                            config.timing().sweepHold())
                        .repeated(),
                    new UnpublishedRefunds(ports.admission()).repeated(),
                    new UnansweredUndos(unanswered).repeated(),
                    new RepeatedReports(List.of(breaches, watch.repeated())).repeated(),
                    new PressureWatch(ports.backlog(), config.pools(), pressure).repeated(),
                    new BacklogWatch(
                            outlooks,
                            config.pools(),
                            new BacklogGauges(environment.meters(), config.pools()))
                        .repeated(),
                    new CacheWatch(ports.answers(), new CacheGauges(environment.meters()))
                        .repeated(),
                    new KeyUses(uses).repeated(),
                    new FileSweep(files, ports.files(), environment.clock()).repeated(),
                    batches.sweep(),
                    pipelines.sweep(),
                    new ModelsWatch(listings).repeated(),
                    new PoisonLane(ports.queue(), ports.store(), ports.recovery(), listener)
                        .repeated(),
                    new LaneSweep(ports, config.pools(), config.instance(), environment.clock())
                        .repeated(),
                    new LaneWalk(ports, config.pools(), config.instance(), environment.clock())
                        .repeated()))
            .toList();
  }

  /** Completes when it serves. */
  public Future<Void> start() {
    return vertx
        .executeBlocking(this::load)
        .compose(loaded -> tokens.start())
        .compose(ready -> servers.start(routes))
        .onSuccess(
            serving -> {
              keepAlive.start();
              held.start();
              callers.start();
              waiting.start();
              upkeep.forEach(Repeated::start);
              drivers.forEach(Drivers::start);
              deliveries.start();
              LOG.info("the gateway serves {} on port {}", config.pools(), port());
            });
  }

  /** The port that it listens on; known once it has started. */
  public int port() {
    return servers.port();
  }

  /** The access tokens, for commands that rotate their keys. */
  public Tokens tokens() {
    return tokens;
  }

  /** What it serves, for the test of its description. */
  List<Routes.Endpoint> endpoints() {
    return routes.endpoints();
  }

  /**
   * Answers who waits, sends the readers away, takes no more requests, finishes those under way,
   * and ends what it does by itself.
   */
  public Future<Void> stop() {
    return vertx.executeBlocking(this::stopDrivers).compose(stopped -> stopServing());
  }

  private Future<Void> stopServing() {
    waits.stop();
    callers.stop();
    waiting.stop();
    keepAlive.stop();
    Future<Void> withdrawn = held.stop();
    return servers
        .stop()
        .compose(closed -> withdrawn)
        .compose(closed -> tokens.stop())
        .compose(closed -> vertx.executeBlocking(this::stopUpkeep))
        .compose(stopped -> uses.flush())
        .otherwise(
            e -> {
              LOG.warn("the last uses of some keys were not written down: {}", e.toString());
              return null;
            })
        .compose(written -> marks.drain())
        .otherwise(
            e -> {
              LOG.warn("not all publish marks were sent, which is harmless: {}", e.toString());
              return null;
            })
        .compose(drained -> counting.stop());
  }

  private Void load() {
    certificate.ifPresent(ServerCertificate::load);
    if (config.pools().stream().anyMatch(pool -> TokenCounters.forModel(pool.model()).exact())) {
      Qwen3Tokens.load();
    }
    return null;
  }

  /** First of all, while jobs can still be waited for. */
  private Void stopDrivers() {
    drivers.forEach(Drivers::stop);
    return null;
  }

  private Void stopUpkeep() {
    deliveries.stop();
    upkeep.forEach(Repeated::stop);
    breaches.tellAll();
    watch.repeated().tellAll();
    return null;
  }

  private Routes routes() {
    LongPoll longPoll = new LongPoll(waits, readers, authentication);
    JobAccess access = new JobAccess(ports.store());
    return new Routes(
        new Routes.Handlers(
            metrics::time,
            unsent(),
            bodyMemory(),
            new Forwarding(config.auth(), environment.meters()),
            new Edge(),
            new Gate(authentication, watch.attempts()),
            new ScopeRefusals(trail, watch.repeated(), new ProblemHandler(vertx)),
            new SubmitJob(body, counting, intake, longPoll, outlooks),
            new ListJobs(ports.store(), outlooks),
            new GetJob(access, longPoll, outlooks),
            new CancelJob(access, ports.store(), reports),
            new ExplainJob(access, ports.history(), outlooks, environment.clock()),
            new RedeliverWebhook(access, ports.webhooks(), trail, watch.repeated()),
            new StreamJob(
                access,
                readers,
                new EventStream.Source(
                    vertx,
                    ports.store(),
                    ports.events(),
                    keepAlive,
                    callers,
                    waiting,
                    config.limits().streams())),
            surfaces(),
            fileRoutes(),
            batches,
            pipelines,
            tokens,
            Administration.of(
                environment,
                ports,
                config.standardLimits(),
                new Administration.Duties(body, tokens, trail, new WebhookUrl(config.webhooks()))),
            new Health(ports.checks()),
            Page.metrics(vertx, environment.meters()),
            Page.openApi()));
  }

  private Submission submission() {
    return new Submission(
        vertx,
        ports,
        new Submission.Afterwards(marks, unanswered),
        waits,
        config.timing().replayWait(),
        limiting());
  }

  private HeldRequests held() {
    return new HeldRequests(
        new HeldRequests.Door(body, counting, intake, readers),
        new HeldRequests.Env(
            vertx,
            environment.clock(),
            new LogReader.Log(vertx, ports.store(), ports.events()),
            waits,
            callers,
            config.limits().streams()),
        config.held(),
        environment.meters());
  }

  private Surfaces surfaces() {
    HeldConfig.Failures failures = config.held().failures();
    Responses responses = responses();
    return new Surfaces(
        new Catalogue(vertx, listings, config.timing().bodyDeadline()),
        held.serve(Ollama.chat(failures, environment.clock())),
        held.serve(Ollama.generate(failures, environment.clock())),
        Ollama.management(),
        held.serve(OpenAi.chat()),
        held.serve(OpenAi.text()),
        new Surfaces.Embeds(
            held.serve(Ollama.embed()),
            held.serve(Ollama.embeddings()),
            held.serve(OpenAi.embeddings())),
        held.serve(responses.create()),
        responses);
  }

  private FileRoutes fileRoutes() {
    return new FileRoutes(
        new FileRoutes.Door(
            vertx,
            readers,
            config.files(),
            environment.clock(),
            config.timing().bodyDeadline(),
            config.limits().connections().answerDeadline(),
            environment.meters()),
        ports.files(),
        files);
  }

  private Batches batches(JobReader reader) {
    return new Batches(
        new Batches.Http(vertx, body, readers, keepAlive, callers, config.limits().streams()),
        new Batches.Work(
            ports.files(),
            ports.elections(),
            bulk,
            reader,
            Endpoints.of(OpenAi.chat(), OpenAi.text(), OpenAi.embeddings(), responses().create()),
            environment.clock(),
            environment.meters()),
        new Batches.Bounds(
            config.limits().batches(), config.limits().bodyBytesMax(), config.instance()));
  }

  private Pipelines pipelines() {
    return new Pipelines(
        new Pipelines.Http(
            body,
            readers,
            new ResultStream.Source(vertx, keepAlive, callers, config.limits().streams())),
        new Pipelines.Work(
            ports.files(),
            Uploads.of(files),
            ports.extraction(),
            ports.elections(),
            bulk,
            environment.clock(),
            environment.meters()),
        new Pipelines.Bounds(
            PipelineConfig.DEFAULT,
            config.pools(),
            config.limits().promptTokensMax(),
            config.instance()));
  }

  private Responses responses() {
    return new Responses(
        new LogReader.Log(vertx, ports.store(), ports.events()),
        intake,
        waits,
        readers,
        new Responses.Streaming(keepAlive, callers, config.limits().streams()));
  }

  private Unsent unsent() {
    ConnectionBounds bounds = config.limits().connections();
    return new Unsent(bounds.unsentBytesMax(), bounds.answerDeadline(), environment.meters());
  }

  private BodyMemory bodyMemory() {
    Bounds limits = config.limits();
    return new BodyMemory(limits.bodiesBytesMax(), limits.bodyBytesMax(), environment.meters());
  }

  private Submission.Limiting limiting() {
    return new Submission.Limiting(
        new TenantTerms(ports.access().tenants(), config.standardLimits(), Ticker.systemTicker()),
        new Smoothing(vertx, environment.meters()),
        new LimitReport(environment.meters(), trail, breaches, pressure),
        outlooks,
        new Sharings(vertx, config.cache(), listings::installed),
        listener);
  }

  /** The jobs of batches and pipelines, for tests that play their drivers. */
  BulkJobs bulk() {
    return bulk;
  }

  /** Whether it knows what the workers serve in a pool, for tests that share answers. */
  boolean knowsModel(Pool pool) {
    return listings.installed(pool).isPresent();
  }
}
