package io.sluice.worker;

import io.sluice.JobListener;
import java.time.InstantSource;
import java.util.List;

/** What the runs of one worker share. */
record Workplace(
    WorkerPorts ports,
    WorkerConfig config,
    JobListener listener,
    InstantSource clock,
    Lifecycle life,
    Patience patience,
    Engines engines,
    Affinity affinity,
    HandOvers handOvers,
    WarmLane warmLane,
    Fares fares,
    Parking parking,
    Suspects suspects,
    Renewals renewals) {

  static Workplace of(
      WorkerPorts ports,
      List<EngineConfig> used,
      WorkerConfig config,
      JobListener listener,
      InstantSource clock) {
    Lifecycle life = new Lifecycle();
    Patience patience = new Patience(life);
    Engines engines = new Engines(used, config, life, clock, listener);
    return new Workplace(
        ports,
        config,
        listener,
        clock,
        life,
        patience,
        engines,
        new Affinity(engines),
        new HandOvers(ports, config.worker(), life, new Parking(engines::total)),
        new WarmLane(ports.warmLanes(), config.worker(), life, engines),
        new Fares(ports.lanes(), engines::total, engines::free, clock),
        new Parking(engines::total),
        new Suspects(),
        new Renewals(ports.leases(), config.pace().renewal(), patience));
  }
}
