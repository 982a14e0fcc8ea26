package io.sluice.cli.compose;

import io.sluice.Admission;
import io.sluice.AuditLog;
import io.sluice.Directory;
import io.sluice.FileStore;
import io.sluice.Fleet;
import io.sluice.HealthCheck;
import io.sluice.Pool;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.gateway.GatewayPorts;
import io.sluice.rabbitmq.Rabbit;
import io.sluice.redis.Redis;
import io.sluice.worker.WorkerPorts;
import java.util.List;
import java.util.stream.Stream;

/** The ports on RabbitMQ and Redis. */
public final class DistributedParts implements Parts {
  private final Rabbit rabbit;
  private final Redis redis;
  private final AuditLog audit;

  private DistributedParts(Rabbit rabbit, Redis redis, AuditLog audit) {
    this.rabbit = rabbit;
    this.redis = redis;
    this.audit = audit;
  }

  /** Begins to connect, and returns at once. */
  static DistributedParts connect(
      Brokers brokers, List<Pool> pools, Admission.Bounds bounds, AuditLog audit) {
    try {
      Rabbit rabbit = Rabbit.connect(brokers.amqp().uri(), brokers.amqp().tls(), pools);
      Redis redis = Redis.connect(brokers.redis().uri(), brokers.redis().tls(), bounds);
      return new DistributedParts(rabbit, redis, audit);
    } catch (IllegalArgumentException e) {
      throw new Refusal(Exit.USAGE, e.getMessage());
    }
  }

  @Override
  public GatewayPorts gateway(FileStore files) {
    return new GatewayPorts(
        rabbit.queue(),
        redis.laneOrder(),
        redis.admission(),
        redis.backlog(),
        redis.store(),
        redis.events(),
        redis.history(),
        redis.webhooks(),
        redis.answers(),
        redis.recovery(),
        redis.elections(),
        redis.fleet(),
        new GatewayPorts.Access(
            redis.directory(), redis.tenants(), redis.grants(), redis.tokenKeys()),
        audit,
        files,
        checks());
  }

  @Override
  public Directory directory() {
    return redis.directory();
  }

  @Override
  public Fleet fleet() {
    return redis.fleet();
  }

  @Override
  public List<HealthCheck> checks() {
    return Stream.concat(rabbit.healthChecks().stream(), redis.healthChecks().stream()).toList();
  }

  @Override
  public WorkerPorts worker() {
    return new WorkerPorts(
        rabbit.queue(),
        redis.laneOrder(),
        redis.leases(),
        redis.events(),
        redis.warmSessions(),
        redis.warmLanes());
  }

  @Override
  public String form() {
    return "RabbitMQ and Redis";
  }

  @Override
  public void close() {
    rabbit.close();
    redis.close();
  }
}
