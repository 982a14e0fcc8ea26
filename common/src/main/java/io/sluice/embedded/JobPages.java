package io.sluice.embedded;

import io.sluice.JobId;
import io.sluice.JobStore.Page;
import io.sluice.JobStore.Query;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pages of a tenant's jobs. A page is bounded by what it looks at and by its bytes. */
final class JobPages {
  /** Looking for a rare state must not read a tenant's whole past at once. */
  private static final int LOOKED_AT_MAX = 1000;

  private static final long CHARS_MAX = 16L * 1024 * 1024;

  /** After every id there is. */
  private static final String NEWEST = "k";

  private JobPages() {}

  /** A page that is not decoded yet. */
  record Stored(List<StoredJob> jobs, Optional<JobId> next) {
    Page page() {
      return new Page(jobs.stream().map(StoredJob::record).toList(), next);
    }
  }

  static Stored read(Sql sql, Query query) throws SQLException {
    int look = query.state().isPresent() ? LOOKED_AT_MAX : query.limit();
    List<JobRow> rows =
        sql.all(
            "SELECT * FROM jobs WHERE tenant = ? AND id < ? ORDER BY id DESC LIMIT ?",
            JobRow::of,
            query.tenant(),
            query.after().map(JobId::value).orElse(NEWEST),
            look + 1);
    List<StoredJob> jobs = new ArrayList<>();
    long chars = 0;
    for (int n = 0; n < rows.size(); n++) {
      if (n == look || jobs.size() == query.limit() || chars > CHARS_MAX) {
        return new Stored(jobs, Optional.of(rows.get(n - 1).id));
      }
      JobRow row = rows.get(n);
      if (query.state().isEmpty() || query.state().get() == row.state) {
        StoredJob job = StoredJob.load(sql, row);
        chars += job.body().length() + job.ending().map(String::length).orElse(0);
        jobs.add(job);
      }
    }
    return new Stored(jobs, Optional.empty());
  }
}
