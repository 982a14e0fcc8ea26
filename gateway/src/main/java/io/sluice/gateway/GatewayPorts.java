package io.sluice.gateway;

import io.sluice.Admission;
import io.sluice.Directory;
import io.sluice.HealthCheck;
import io.sluice.JobEvents;
import io.sluice.JobQueue;
import io.sluice.JobStore;
import io.sluice.LaneOrder;
import io.sluice.Recovery;
import java.util.List;

/** The ports that the gateway stands on; all of one form, embedded or distributed. */
public record GatewayPorts(
    JobQueue queue,
    LaneOrder order,
    Admission admission,
    JobStore store,
    JobEvents events,
    Recovery recovery,
    Directory directory,
    List<HealthCheck> checks) {

  public GatewayPorts {
    checks = List.copyOf(checks);
  }

  /** The same ports with another queue. */
  GatewayPorts queue(JobQueue other) {
    return new GatewayPorts(other, order, admission, store, events, recovery, directory, checks);
  }
}
