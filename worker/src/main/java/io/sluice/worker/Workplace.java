package io.sluice.worker;

import io.sluice.JobListener;
import java.time.InstantSource;

/** What the runs of one worker share. */
record Workplace(
    WorkerPorts ports,
    ModelServer server,
    WorkerConfig config,
    JobListener listener,
    InstantSource clock,
    Lifecycle life,
    Patience patience,
    Slots slots,
    Parking parking,
    Suspects suspects,
    EngineGate gate,
    Renewals renewals) {

  static Workplace of(
      WorkerPorts ports,
      ModelServer server,
      WorkerConfig config,
      JobListener listener,
      InstantSource clock) {
    Lifecycle life = new Lifecycle();
    Patience patience = new Patience(life);
    Slots slots = new Slots(config.slots());
    return new Workplace(
        ports,
        server,
        config,
        listener,
        clock,
        life,
        patience,
        slots,
        new Parking(config.slots()),
        new Suspects(),
        new EngineGate(server, config, life, slots),
        new Renewals(ports.leases(), config.pace().renewal(), patience));
  }
}
