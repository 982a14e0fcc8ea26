package io.sluice.worker;

import io.sluice.Failure;
import io.sluice.FailureCode.Blame;
import io.sluice.Pool;
import java.util.function.BooleanSupplier;

/** One attempt at one engine, with what it tells the engine of its fate. */
final class Presence implements AutoCloseable {
  private final Engine engine;
  private final Pool pool;
  private final Company.Member member;

  /**
   * Waits where the engine is to be one job's alone.
   *
   * @param stop stops the attempt; must not block
   * @param goOn whether it is worth waiting
   */
  Presence(Engine engine, Pool pool, Standing standing, Runnable stop, BooleanSupplier goOn) {
    this.engine = engine;
    this.pool = pool;
    this.member = engine.company().join(pool, standing, stop, goOn);
  }

  /**
   * Whether the engine still serves the pool. Asked after joining: what closes the pool later finds
   * the attempt, and what closed it before is seen here.
   */
  boolean isServed() {
    return engine.isOpen(pool);
  }

  void heard() {
    member.heard();
  }

  /** What the attempt is judged by; the pool is closed before anybody is stopped. */
  Failure judged(Failure why) {
    if (why.code().blame() != Blame.SUSPECT) {
      return why;
    }
    boolean served = isServed();
    engine.failed(pool, why, member.reports(why));
    return served ? member.failed(why) : member.followed(why);
  }

  Company.Member member() {
    return member;
  }

  @Override
  public void close() {
    member.close();
  }
}
