package io.sluice.redis;

import io.sluice.Unavailable;
import io.sluice.tls.ClientTls;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.redisson.Redisson;
import org.redisson.api.RScript;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.api.listener.StatusListener;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.redisson.config.ConstantDelay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that knows the client library: scripts and channels go through here, its errors are
 * translated here, and nothing of it leaves here.
 */
final class Connection implements Scripts, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final Duration RECONNECT = Duration.ofMillis(250);
  private static final Duration ANSWER = Duration.ofMillis(600);

  /**
   * How long an attempt waits for a connection or for its write, and between two attempts. When the
   * last one has waited, the library gives the call up, so it has more of them than fit into {@link
   * Calls#DEADLINE}: a new connection takes long on a busy machine, and that is no outage.
   */
  private static final Duration ATTEMPT = Duration.ofMillis(100);

  private static final int ATTEMPTS = (int) Calls.DEADLINE.dividedBy(ATTEMPT) + 1;

  private final RedisAddress address;
  private final RedissonClient redisson;
  private final Calls calls;
  private final ScheduledExecutorService timer;
  private boolean failureLogged;

  private Connection(RedisAddress address, RedissonClient redisson, Calls calls) {
    this.address = address;
    this.redisson = redisson;
    this.calls = calls;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sluice-redis").factory());
  }

  static Connection open(RedisAddress address, ClientTls tls) {
    Connection connection =
        new Connection(address, Redisson.create(config(address, tls)), new Calls(Calls.UNDER_WAY));
    connection.timer.execute(connection::connect);
    return connection;
  }

  @Override
  public Future<Reply> call(Script script, Object... arguments) {
    return calls
        .submit(
            () ->
                redisson
                    .getScript(StringCodec.INSTANCE)
                    .<List<Object>>evalAsync(
                        RScript.Mode.READ_WRITE,
                        script.text(),
                        RScript.ReturnType.LIST,
                        List.of(),
                        arguments)
                    .toCompletableFuture())
        .map(Reply::new)
        .recover(Errors::translated);
  }

  /** Listens to a channel; {@code joined} runs whenever the subscription is made, or made anew. */
  Future<Void> listen(String channel, Consumer<String> message, Runnable joined) {
    return calls
        .submit(() -> subscribe(channel, message, joined))
        .<Void>mapEmpty()
        .recover(Errors::translated);
  }

  private CompletableFuture<Integer> subscribe(
      String channel, Consumer<String> message, Runnable joined) {
    RTopic topic = redisson.getTopic(channel, StringCodec.INSTANCE);
    return topic
        .addListenerAsync(new Joined(joined))
        .thenCompose(
            listener -> topic.addListenerAsync(String.class, (name, text) -> message.accept(text)))
        .toCompletableFuture();
  }

  /**
   * Runs something again and again on the connection's own thread; it must be short and not throw.
   */
  void every(Duration pause, Runnable task) {
    try {
      timer.scheduleWithFixedDelay(task, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed: nothing is scheduled any more");
    }
  }

  /**
   * The library connects on the first call, and blocks its thread for it. So that first call is
   * made here, again until it succeeds; from then on it reconnects without blocking anybody.
   */
  private void connect() {
    try {
      redisson
          .getScript(StringCodec.INSTANCE)
          .eval(RScript.Mode.READ_ONLY, "return {}", RScript.ReturnType.LIST);
      LOG.info("connected to {}", address);
      calls.open();
    } catch (RuntimeException e) {
      if (!failureLogged) {
        LOG.warn("no answer from {}: trying on ({})", address, e.getClass().getSimpleName());
        failureLogged = true;
      }
      if (!timer.isShutdown()) {
        timer.schedule(this::connect, RECONNECT.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    calls.close(new Unavailable(Errors.PART, "closed"));
    redisson.shutdown(0, 2, TimeUnit.SECONDS);
  }

  private static Config config(RedisAddress address, ClientTls tls) {
    Config config =
        new Config()
            .setCodec(StringCodec.INSTANCE)
            .setLazyInitialization(true)
            .setNettyThreads(4)
            .setThreads(4);
    if (address.isTls()) {
      Transport.encrypt(config, tls);
    }
    address.user().ifPresent(config::setUsername);
    address.password().ifPresent(config::setPassword);
    config
        .useSingleServer()
        .setAddress(address.server())
        .setDatabase(address.database())
        .setConnectTimeout(1000)
        .setTimeout((int) ANSWER.toMillis())
        .setRetryAttempts(ATTEMPTS)
        .setRetryDelay(new ConstantDelay(ATTEMPT))
        .setPingConnectionInterval(5000)
        // A call that was given up keeps its connection until its answer is late.
        .setConnectionPoolSize(2 * Calls.UNDER_WAY)
        .setConnectionMinimumIdleSize(4)
        .setSubscriptionConnectionPoolSize(2)
        .setSubscriptionConnectionMinimumIdleSize(1)
        .setSubscriptionsPerConnection(50);
    return config;
  }

  private record Joined(Runnable task) implements StatusListener {
    @Override
    public void onSubscribe(String channel) {
      task.run();
    }

    @Override
    public void onUnsubscribe(String channel) {
      // Nothing to do: the subscription comes back, or it was ended on purpose.
    }
  }
}
