package io.sluice.cli.commands;

import io.sluice.Pool;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.compose.Broker;
import io.sluice.cli.compose.Brokers;
import io.sluice.cli.compose.Plan;
import io.sluice.cli.compose.ServerAddress;
import io.sluice.cli.compose.Transport;
import io.sluice.cli.settings.AmqpSettings;
import io.sluice.cli.settings.AuditSettings;
import io.sluice.cli.settings.AuthSettings;
import io.sluice.cli.settings.BatchSettings;
import io.sluice.cli.settings.CacheSettings;
import io.sluice.cli.settings.ConnectionSettings;
import io.sluice.cli.settings.DataSettings;
import io.sluice.cli.settings.DocumentSettings;
import io.sluice.cli.settings.EngineSettings;
import io.sluice.cli.settings.EngineTlsSettings;
import io.sluice.cli.settings.FileSettings;
import io.sluice.cli.settings.LimitSettings;
import io.sluice.cli.settings.ListenSettings;
import io.sluice.cli.settings.MemorySettings;
import io.sluice.cli.settings.ModelSettings;
import io.sluice.cli.settings.RedisSettings;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.settings.TlsSettings;
import io.sluice.cli.settings.TokenSettings;
import io.sluice.cli.settings.WebhookSettings;
import io.sluice.cli.settings.WorkerSettings;
import io.sluice.cli.terminal.StopSignal;
import java.net.BindException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the commands that run servers have in common. */
final class Serving {
  /** The settings that they need. */
  static final List<Class<? extends Record>> GROUPS =
      List.of(
          ListenSettings.class,
          DataSettings.class,
          AmqpSettings.class,
          RedisSettings.class,
          ModelSettings.class,
          EngineSettings.class,
          EngineTlsSettings.class,
          MemorySettings.class,
          WorkerSettings.class,
          LimitSettings.class,
          CacheSettings.class,
          ConnectionSettings.class,
          TokenSettings.class,
          AuthSettings.class,
          WebhookSettings.class,
          FileSettings.class,
          BatchSettings.class,
          DocumentSettings.class,
          TlsSettings.class,
          AuditSettings.class);

  private static final Duration LOOK = Duration.ofMillis(250);

  private Serving() {}

  static Plan plan(Settings settings, List<Pool> pools) {
    Plan plan =
        new Plan(
            settings.get(ListenSettings.class),
            settings.get(DataSettings.class).data(),
            brokers(settings),
            pools,
            settings.get(EngineSettings.class),
            settings.get(WorkerSettings.class),
            settings.get(LimitSettings.class));
    TokenSettings tokens = settings.get(TokenSettings.class);
    return plan.tokens(
            brokers(settings).isPresent()
                ? tokens.config()
                : tokens.config(settings.get(DataSettings.class).secretFile()))
        .auth(settings.get(AuthSettings.class).config())
        .webhooks(settings.get(WebhookSettings.class).config())
        .connections(settings.get(ConnectionSettings.class))
        .transport(transport(settings))
        .memory(settings.get(MemorySettings.class))
        .cache(settings.get(CacheSettings.class).config())
        .files(settings.get(FileSettings.class))
        .batches(settings.get(BatchSettings.class))
        .documents(settings.get(DocumentSettings.class))
        .audit(settings.get(AuditSettings.class));
  }

  private static Transport transport(Settings settings) {
    EngineTlsSettings engine = settings.get(EngineTlsSettings.class);
    return new Transport(settings.get(TlsSettings.class).config(), engine.tls(), engine.check());
  }

  /** RabbitMQ and Redis, if they are set. */
  static Optional<Brokers> brokers(Settings settings) {
    return settings
        .get(AmqpSettings.class)
        .amqpUrl()
        .map(url -> new ServerAddress(url.uri(), settings.get(AmqpSettings.class).tls()))
        .map(amqp -> new Brokers(amqp, redis(settings).orElseThrow()));
  }

  static Optional<ServerAddress> redis(Settings settings) {
    RedisSettings redis = settings.get(RedisSettings.class);
    return redis.redisUrl().map(url -> new ServerAddress(url.uri(), redis.tls()));
  }

  /** The plan of one part among others, which cannot do without brokers and a named model. */
  static Plan distributed(Settings settings, String command) {
    List<Pool> pools = settings.get(ModelSettings.class).models();
    if (brokers(settings).isEmpty()) {
      throw new Refusal(
          Exit.USAGE,
          command + " needs SLUICE_AMQP_URL and SLUICE_REDIS_URL; in one process, use: sluice up");
    }
    if (pools.isEmpty()) {
      throw new Refusal(Exit.USAGE, command + " needs --model or SLUICE_MODEL: what is served");
    }
    return plan(settings, pools);
  }

  /** Serves HTTP; a taken port is the most likely thing to go wrong. */
  static URI serve(Broker broker, ListenSettings listen) {
    try {
      return broker.serve();
    } catch (RuntimeException e) {
      throw taken(e)
          ? new Refusal(
              Exit.CANNOT_START,
              "port " + listen.port() + " is taken; choose another with --port or SLUICE_PORT")
          : e;
    }
  }

  static boolean taken(Throwable e) {
    return e instanceof BindException || e.getCause() != null && taken(e.getCause());
  }

  /** Waits until everything answers, however long that takes, and says what is missing. */
  static void awaitReady(Broker broker, StopSignal stop) {
    Logger log = LoggerFactory.getLogger(Serving.class);
    String told = "";
    Optional<String> missing = broker.unready();
    while (missing.isPresent() && !stop.await(LOOK)) {
      if (!missing.get().equals(told)) {
        told = missing.get();
        log.warn("not ready yet: {}", told);
      }
      missing = broker.unready();
    }
  }
}
