package io.sluice.embedded;

import io.sluice.JobHistory;
import io.sluice.JobId;
import io.sluice.Step;
import io.sluice.codec.StepCodec;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Histories as a column of the job's row. */
final class SqliteJobHistory implements JobHistory {
  private final Database database;

  SqliteJobHistory(Database database) {
    this.database = database;
  }

  @Override
  public Future<List<Step>> steps(JobId id, Optional<String> owner) {
    return database
        .read(
            sql ->
                sql.first(
                    "SELECT steps FROM jobs WHERE id = ?1 AND (?2 = '' OR tenant = ?2)",
                    row -> row.getString(1),
                    id.value(),
                    owner.orElse("")))
        .map(text -> text.map(StepCodec::read).orElse(List.of()));
  }
}
