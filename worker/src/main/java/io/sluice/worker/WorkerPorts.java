package io.sluice.worker;

import io.sluice.JobEvents;
import io.sluice.JobQueue;
import io.sluice.LaneOrder;
import io.sluice.Leases;
import io.sluice.WarmLanes;
import io.sluice.WarmSessions;

/** What a worker needs of the queue and the store. */
public record WorkerPorts(
    JobQueue queue,
    LaneOrder lanes,
    Leases leases,
    JobEvents events,
    WarmSessions warmSessions,
    WarmLanes warmLanes) {}
