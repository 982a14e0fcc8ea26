package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.AnswerCache;
import io.sluice.Backlog;
import io.sluice.Directory;
import io.sluice.Elections;
import io.sluice.Fleet;
import io.sluice.Grants;
import io.sluice.HealthCheck;
import io.sluice.JobEvents;
import io.sluice.JobHistory;
import io.sluice.JobStore;
import io.sluice.LaneOrder;
import io.sluice.Leases;
import io.sluice.Recovery;
import io.sluice.Tenants;
import io.sluice.TokenKeys;
import io.sluice.WarmLanes;
import io.sluice.WarmSessions;
import io.sluice.Webhooks;
import io.sluice.tls.ClientTls;
import java.net.URI;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of a distributed Sluice: every port but the queue, on one Redis. Connects by itself,
 * and again after any loss; while Redis is away its Futures fail with {@link io.sluice.Unavailable}
 * within {@link Calls#DEADLINE}.
 */
public final class Redis implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Redis.class);

  private final Connection connection;
  private final Admission admission;
  private final Backlog backlog;
  private final JobStore store;
  private final Leases leases;
  private final JobEvents events;
  private final JobHistory history;
  private final Webhooks webhooks;
  private final Recovery recovery;
  private final AnswerCache answers;
  private final LaneOrder laneOrder;
  private final WarmSessions warmSessions;
  private final WarmLanes warmLanes;
  private final Elections elections;
  private final Fleet fleet;
  private final Directory directory;
  private final Tenants tenants;
  private final Grants grants;
  private final TokenKeys tokenKeys;

  private Redis(Connection connection, Admission.Bounds bounds) {
    this.connection = connection;
    this.admission = new RedisAdmission(connection, bounds);
    this.backlog = new RedisBacklog(connection, bounds.waitTarget());
    this.store = new RedisJobStore(connection);
    this.leases = new RedisLeases(connection);
    this.events = new RedisJobEvents(connection, new Wakes(connection));
    this.history = new RedisJobHistory(connection);
    this.webhooks = new RedisWebhooks(connection);
    this.recovery = new RedisRecovery(connection);
    this.answers = new RedisAnswerCache(connection);
    this.laneOrder = new RedisLaneOrder(connection, new LaneWakes(connection));
    this.warmSessions = new RedisWarmSessions(connection);
    this.warmLanes = new RedisWarmLanes(connection, connection);
    this.elections = new RedisElections(connection);
    this.fleet = new RedisFleet(connection);
    this.directory = new RedisDirectory(connection);
    this.tenants = new RedisTenants(connection);
    this.grants = new RedisGrants(connection);
    this.tokenKeys = new RedisTokenKeys(connection);
  }

  /**
   * Begins to connect and returns at once, whether Redis is there or not.
   *
   * @param uri {@code redis[s]://[user:password@]host[:port][/database]}
   * @param tls whom to trust, and what to show, for {@code rediss:}
   */
  public static Redis connect(URI uri, ClientTls tls, Admission.Bounds bounds) {
    Redis redis = new Redis(Connection.open(RedisAddress.parse(uri), tls), bounds);
    redis
        .healthChecks()
        .forEach(it -> it.check().onFailure(error -> LOG.warn("{}", error.getMessage())));
    return redis;
  }

  /** The same; over TLS the JDK's authorities are trusted. */
  public static Redis connect(URI uri, Admission.Bounds bounds) {
    return connect(uri, ClientTls.DEFAULT, bounds);
  }

  public LaneOrder laneOrder() {
    return laneOrder;
  }

  public WarmSessions warmSessions() {
    return warmSessions;
  }

  public WarmLanes warmLanes() {
    return warmLanes;
  }

  public Elections elections() {
    return elections;
  }

  public Fleet fleet() {
    return fleet;
  }

  public Admission admission() {
    return admission;
  }

  public Backlog backlog() {
    return backlog;
  }

  public JobStore store() {
    return store;
  }

  public Leases leases() {
    return leases;
  }

  public JobEvents events() {
    return events;
  }

  public JobHistory history() {
    return history;
  }

  public Webhooks webhooks() {
    return webhooks;
  }

  public Recovery recovery() {
    return recovery;
  }

  public AnswerCache answers() {
    return answers;
  }

  public Tenants tenants() {
    return tenants;
  }

  public Grants grants() {
    return grants;
  }

  public TokenKeys tokenKeys() {
    return tokenKeys;
  }

  public Directory directory() {
    return directory;
  }

  public List<HealthCheck> healthChecks() {
    return List.of(new RedisHealthCheck(connection));
  }

  /** Ends every watch and every call under way. Closing twice is harmless. */
  @Override
  public void close() {
    connection.close();
  }
}
