package io.sluice.embedded;

import io.sluice.JobRecord;
import io.sluice.WebhookDelivery;
import io.sluice.codec.EndingCodec;
import io.sluice.codec.JobCodec;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A whole record as the database holds it. Megabytes are not decoded inside a transaction, but by
 * whoever waits for it.
 */
record StoredJob(
    JobRow row, String body, Optional<String> ending, Optional<WebhookDelivery> webhook) {
  static StoredJob load(Sql sql, JobRow row) throws SQLException {
    String body =
        sql.first("SELECT body FROM job_bodies WHERE n = ?", it -> it.getString(1), row.n)
            .orElseThrow();
    Optional<String> ending =
        row.state.isTerminal()
            ? sql.first("SELECT ending FROM job_endings WHERE n = ?", it -> it.getString(1), row.n)
            : Optional.empty();
    return new StoredJob(row, body, ending, WebhookTable.delivery(sql, row));
  }

  JobRecord record() {
    return row.record(JobCodec.readJob(body), ending.map(EndingCodec::read), webhook);
  }
}
