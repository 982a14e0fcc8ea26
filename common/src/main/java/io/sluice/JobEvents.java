package io.sluice;

import io.vertx.core.Future;
import java.util.List;

/**
 * The ordered log of a job. Late and returning readers miss nothing: watch first, then read until a
 * page is empty, then read again at each wake-up. The log is the buffer: a slow reader just reads
 * later.
 */
public interface JobEvents {
  /**
   * Appends events at {@code lease.fence}, numbered from {@code firstSeq}; the holder counts from
   * 1. Refused unless the fence is the job's own. Sent twice it is stored once. One append per job
   * at a time.
   */
  Future<Append> append(Leases.Lease lease, long firstSeq, List<JobEvent> events);

  /** At most {@code limit} events after a position, in order; empty when there are none yet. */
  Future<List<LoggedEvent>> read(JobId id, Position after, int limit);

  /**
   * Calls {@code wake} soon after the log or the state of the job changed. Wake-ups may be
   * repeated, and one that gets lost is made up for within 2 seconds. {@code wake} runs on any
   * thread and must not block.
   */
  Subscription watch(JobId id, Runnable wake);

  /** The answer to an append. */
  enum Append {
    STORED,
    /** Stored, and the job is to be cancelled. */
    CANCELLING,
    /** Refused: somebody else holds or ended the job. */
    FENCED,
    /** Refused: there is no record. */
    GONE
  }
}
