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
import io.sluice.embedded.Embedded;
import io.sluice.gateway.GatewayPorts;
import io.sluice.worker.WorkerPorts;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** The ports in this process, on the disk. */
public final class EmbeddedParts implements Parts {
  private final Embedded embedded;
  private final AuditLog audit;

  private EmbeddedParts(Embedded embedded, AuditLog audit) {
    this.embedded = embedded;
    this.audit = audit;
  }

  /** Opens a folder of jobs, which only one process may have open. */
  static EmbeddedParts open(Path data, List<Pool> pools, Admission.Bounds bounds, AuditLog audit) {
    try {
      return new EmbeddedParts(Embedded.open(data, bounds, pools, InstantSource.system()), audit);
    } catch (IllegalStateException | java.io.UncheckedIOException e) {
      throw new Refusal(Exit.CANNOT_START, e.getMessage());
    }
  }

  @Override
  public GatewayPorts gateway(FileStore files) {
    return new GatewayPorts(
        embedded.queue(),
        embedded.laneOrder(),
        embedded.admission(),
        embedded.backlog(),
        embedded.store(),
        embedded.events(),
        embedded.history(),
        embedded.webhooks(),
        embedded.answers(),
        embedded.recovery(),
        embedded.elections(),
        embedded.fleet(),
        new GatewayPorts.Access(
            embedded.directory(), embedded.tenants(), embedded.grants(), embedded.tokenKeys()),
        audit,
        files,
        checks());
  }

  @Override
  public Directory directory() {
    return embedded.directory();
  }

  @Override
  public Fleet fleet() {
    return embedded.fleet();
  }

  @Override
  public List<HealthCheck> checks() {
    return embedded.healthChecks();
  }

  @Override
  public WorkerPorts worker() {
    return new WorkerPorts(
        embedded.queue(),
        embedded.laneOrder(),
        embedded.leases(),
        embedded.events(),
        embedded.warmSessions(),
        embedded.warmLanes());
  }

  @Override
  public String form() {
    return "one process";
  }

  @Override
  public void close() {
    embedded.close();
  }
}
