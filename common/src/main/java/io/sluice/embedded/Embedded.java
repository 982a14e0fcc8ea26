package io.sluice.embedded;

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
import io.sluice.JobId;
import io.sluice.JobQueue;
import io.sluice.JobStore;
import io.sluice.Lane;
import io.sluice.LaneOrder;
import io.sluice.Leases;
import io.sluice.Pool;
import io.sluice.Recovery;
import io.sluice.Tenants;
import io.sluice.TokenKeys;
import io.sluice.WarmLanes;
import io.sluice.WarmSessions;
import io.sluice.Webhooks;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** Every port on one database in one directory, which one process at a time can have open. */
public final class Embedded implements AutoCloseable {
  private final DataLock lock;
  private final Database database;
  private final JobQueue queue;
  private final LaneOrder laneOrder;
  private final Admission admission;
  private final Backlog backlog;
  private final JobStore store;
  private final Leases leases;
  private final JobEvents events;
  private final JobHistory history;
  private final Webhooks webhooks;
  private final Recovery recovery = new NoRecovery();
  private final AnswerCache answers;
  private final Fleet fleet;
  private final Directory directory;
  private final Tenants tenants;
  private final Grants grants;
  private final TokenKeys tokenKeys;

  private Embedded(
      DataLock lock,
      Database database,
      Admission.Bounds bounds,
      List<Pool> pools,
      InstantSource clock) {
    this.lock = lock;
    this.database = database;
    Watchers<JobId> watchers = new Watchers<>();
    this.queue = new SqliteJobQueue(database, pools, clock);
    this.laneOrder = new InProcessLaneOrder(clock);
    this.admission = new SqliteAdmission(database, bounds, clock);
    this.backlog = new SqliteBacklog(database, bounds.waitTarget(), clock);
    this.store = new SqliteJobStore(database, watchers, clock);
    this.leases = new SqliteLeases(database, watchers, clock);
    this.events = new SqliteJobEvents(database, watchers);
    this.history = new SqliteJobHistory(database);
    this.answers = new SqliteAnswerCache(database, clock);
    this.webhooks = new SqliteWebhooks(database, watchers, clock);
    this.fleet = new InProcessFleet(clock);
    this.directory = new SqliteDirectory(database);
    this.tenants = new SqliteTenants(database);
    this.grants = new SqliteGrants(database, clock);
    this.tokenKeys = new SqliteTokenKeys(database, clock);
    database.read(MessageTable::lanes).onSuccess(labels -> offerAll(pools, labels));
  }

  /** What waited when the last process ended. */
  private void offerAll(List<Pool> pools, List<String> labels) {
    for (Pool pool : pools) {
      Lane.of(pool).stream()
          .filter(lane -> labels.contains(lane.label()))
          .forEach(lane -> laneOrder.offered(lane, LaneOrder.Share.UNKNOWN));
    }
  }

  /**
   * Opens or makes the data directory. Whatever was handed out when the last process died comes
   * back at once.
   *
   * @throws IllegalStateException if another process has it open, or a newer Sluice wrote it, with
   *     a sentence for a person to read
   */
  public static Embedded open(
      Path directory, Admission.Bounds bounds, List<Pool> pools, InstantSource clock) {
    DataLock lock = DataLock.take(DataDirectory.make(directory));
    try {
      Database database = Database.open(DataDirectory.database(directory), Embedded::bringBack);
      return new Embedded(lock, database, bounds, pools, clock);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static Void bringBack(Sql sql) throws java.sql.SQLException {
    MessageTable.bringBack(sql);
    return null;
  }

  /** Opens only the directory of tenants and keys, also while another process has the rest open. */
  public static EmbeddedDirectory openDirectory(Path directory) {
    return EmbeddedDirectory.open(directory);
  }

  public JobQueue queue() {
    return queue;
  }

  public LaneOrder laneOrder() {
    return laneOrder;
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

  public WarmSessions warmSessions() {
    return new NobodyElse();
  }

  public WarmLanes warmLanes() {
    return new NobodyElse();
  }

  public Elections elections() {
    return new Unopposed();
  }

  public Fleet fleet() {
    return fleet;
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
    return List.of(new DatabaseHealth(database));
  }

  /** Commits what is waiting. What is still handed out comes back at the next start. */
  @Override
  public void close() {
    database.close();
    lock.close();
  }
}
