package io.sluice.worker;

import io.sluice.Failure;
import io.sluice.Pool;

/**
 * A pool that an engine does not serve now.
 *
 * @param engine what it is called in logs and metrics
 * @param why of its last probe, or of the job that closed the pool
 */
public record Outage(String engine, Pool pool, Failure why) {}
