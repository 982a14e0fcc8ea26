package io.sluice.embedded;

import io.sluice.Forecast;
import io.sluice.Lines.Odds;
import io.sluice.forecast.Meter;
import io.sluice.forecast.Told;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * What the jobs of a pool and class have taught.
 *
 * @param meanOutput how long their outputs were lately, in tokens
 */
record Experience(Odds odds, double meanOutput) {
  private static final Experience NONE = new Experience(Odds.BEFORE, 256);

  /**
   * The pace is counted in costs that were estimated with this mean. So it changes little within
   * the hundred ends that the pace is over: by steps of 1/64, a pool whose outputs are a fifteenth
   * of the first guess was told a third of its waits for as long.
   */
  private static final double OUTPUT_STEP = 1 / 1024.0;

  static Experience of(Sql sql, String pool, String jobClass) throws SQLException {
    return sql.first(
            "SELECT * FROM experience WHERE pool = ? AND class = ?",
            row ->
                new Experience(
                    new Odds(row.getDouble("median"), row.getDouble("ninety"), row.getLong("seen")),
                    row.getDouble("mean_output")),
            pool,
            jobClass)
        .orElse(NONE);
  }

  private void keep(Sql sql, JobRow job) throws SQLException {
    sql.update(
        """
        INSERT OR REPLACE INTO experience (pool, class, median, ninety, seen, mean_output)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        job.pool,
        job.jobClass,
        odds.median(),
        odds.ninety(),
        odds.seen(),
        meanOutput);
  }

  /** Keeps what was foretold of a job's wait, as far as something can be learned from it. */
  static void tell(Sql sql, JobRow job, Forecast forecast, long now) throws SQLException {
    Odds odds = of(sql, job.pool, job.jobClass).odds();
    Optional<Told> told = Told.of(forecast, Instant.ofEpochMilli(now), odds);
    if (told.isPresent()) {
      sql.update(
          "UPDATE jobs SET told_median = ?, told_ninety = ?, told_from = ? WHERE n = ?",
          told.get().medianMs(),
          told.get().ninetyMs(),
          now,
          job.n);
    }
  }

  /** A job starts for the first time: what was foretold of that is held against it. */
  static void starts(Sql sql, JobRow job, long now) throws SQLException {
    Meter meter = PoolMeter.read(sql, job.pool);
    if (job.told != null && !meter.stoodSince(job.toldFrom)) {
      Experience before = of(sql, job.pool, job.jobClass);
      long waiting = meter.state().waiting();
      Odds odds = job.told.after(before.odds(), Math.max(0, now - job.toldFrom), waiting);
      new Experience(odds, before.meanOutput()).keep(sql, job);
    }
  }

  /** A job has ended with an output of this length. */
  static void ends(Sql sql, JobRow job, int outputTokens) throws SQLException {
    if (job.isCounted() && outputTokens > 0) {
      Experience before = of(sql, job.pool, job.jobClass);
      double mean = before.meanOutput() + OUTPUT_STEP * (outputTokens - before.meanOutput());
      new Experience(before.odds(), mean).keep(sql, job);
    }
  }
}
