package io.sluice.embedded;

import java.sql.SQLException;
import java.util.List;

/** The tables, and the version of their form. */
final class Schema {
  /** The version that the first release wrote. */
  static final int FIRST = 1;

  /**
   * Big texts that never change have tables of their own, since SQLite rewrites a row as a whole.
   * Waiting jobs are counted, never looked up, so that admission costs the same at any backlog.
   */
  static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE jobs (
            n INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            tenant TEXT NOT NULL,
            state TEXT NOT NULL,
            published INTEGER NOT NULL,
            placed INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            failures INTEGER NOT NULL,
            losses INTEGER NOT NULL,
            fence INTEGER NOT NULL,
            not_before INTEGER,
            started_at INTEGER,
            ended_at INTEGER,
            admitted_at INTEGER NOT NULL,
            start_by INTEGER NOT NULL,
            finish_by INTEGER NOT NULL,
            worker TEXT,
            nonce TEXT,
            leased_until INTEGER,
            settled_fence INTEGER,
            settled_as TEXT,
            reason TEXT,
            due INTEGER NOT NULL)
          """,
          "CREATE INDEX jobs_of_tenant ON jobs (tenant, id)",
          "CREATE INDEX jobs_due ON jobs (due)",
          "CREATE INDEX jobs_unpublished ON jobs (admitted_at) WHERE published = 0 AND placed = 1",
          "CREATE TABLE job_bodies (n INTEGER PRIMARY KEY, body TEXT NOT NULL)",
          "CREATE TABLE job_endings (n INTEGER PRIMARY KEY, ending TEXT NOT NULL)",
          """
          CREATE TABLE job_keys (
            tenant TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, job INTEGER NOT NULL,
            PRIMARY KEY (tenant, key)) WITHOUT ROWID
          """,
          "CREATE INDEX job_keys_of_job ON job_keys (job)",
          """
          CREATE TABLE job_log (
            job INTEGER NOT NULL, fence INTEGER NOT NULL, seq INTEGER NOT NULL,
            type TEXT NOT NULL, data TEXT NOT NULL,
            PRIMARY KEY (job, fence, seq)) WITHOUT ROWID
          """,
          "CREATE TABLE waiting (scope TEXT PRIMARY KEY, jobs INTEGER NOT NULL) WITHOUT ROWID",
          """
          CREATE TABLE messages (
            n INTEGER PRIMARY KEY AUTOINCREMENT,
            lane TEXT NOT NULL,
            status INTEGER NOT NULL,
            due INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            handed INTEGER NOT NULL,
            deaths INTEGER NOT NULL,
            reason TEXT)
          """,
          "CREATE INDEX messages_of_lane ON messages (lane, status, due, n)",
          "CREATE TABLE message_bodies (n INTEGER PRIMARY KEY, body BLOB NOT NULL)",
          """
          CREATE TABLE api_keys (
            n INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            tenant TEXT NOT NULL,
            secret_hash TEXT NOT NULL,
            scopes TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            revoked_at INTEGER)
          """);

  /**
   * What each later version adds, in order: identity; limits; load; bounds of grants; repeated
   * submissions; histories; tickets and what forecasts are made of; lanes of tenants; how turns
   * come; how long lines stood; webhooks; shared answers.
   */
  private static final List<List<String>> STEPS =
      List.of(
          List.of(
              "ALTER TABLE api_keys ADD COLUMN ranges TEXT",
              "ALTER TABLE api_keys ADD COLUMN expires_at INTEGER",
              "ALTER TABLE api_keys ADD COLUMN used_at INTEGER",
              "ALTER TABLE api_keys ADD COLUMN used_from TEXT",
              "CREATE TABLE tenants (name TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID",
              """
              CREATE TABLE token_keys (
                kid TEXT PRIMARY KEY,
                signing INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                revoked_at INTEGER,
                record TEXT NOT NULL) WITHOUT ROWID
              """,
              """
              CREATE TABLE grants (
                id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL, record TEXT NOT NULL) WITHOUT ROWID
              """,
              """
              CREATE TABLE grant_tokens (
                hash TEXT PRIMARY KEY,
                grant_id TEXT NOT NULL,
                idle_until INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                traded_at INTEGER,
                salt TEXT,
                successor TEXT) WITHOUT ROWID
              """,
              "CREATE INDEX grant_tokens_by_end ON grant_tokens (expires_at)",
              "CREATE TABLE denied_tokens (id TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID"),
          List.of(
              "ALTER TABLE jobs ADD COLUMN tokens INTEGER NOT NULL DEFAULT 0",
              "ALTER TABLE jobs ADD COLUMN running_max INTEGER",
              """
              CREATE INDEX jobs_running ON jobs (tenant) WHERE state IN ('in_progress', 'cancelling')
              """,
              """
              CREATE TABLE spent (
                subject TEXT NOT NULL,
                bucket INTEGER NOT NULL,
                amount INTEGER NOT NULL,
                ends INTEGER NOT NULL,
                PRIMARY KEY (subject, bucket)) WITHOUT ROWID
              """,
              "CREATE INDEX spent_by_end ON spent (ends)",
              """
              CREATE TABLE charges (
                job INTEGER NOT NULL,
                subject TEXT NOT NULL,
                bucket INTEGER NOT NULL,
                amount INTEGER NOT NULL,
                tokens INTEGER NOT NULL,
                PRIMARY KEY (job, subject)) WITHOUT ROWID
              """),
          List.of(
              "ALTER TABLE jobs ADD COLUMN pool TEXT",
              "ALTER TABLE jobs ADD COLUMN starting INTEGER",
              """
              CREATE INDEX jobs_starting ON jobs (pool, starting) WHERE starting IS NOT NULL
              """,
              """
              CREATE TABLE load (
                pool TEXT PRIMARY KEY,
                pressure REAL NOT NULL,
                stepped INTEGER NOT NULL,
                half INTEGER NOT NULL,
                low INTEGER,
                before INTEGER,
                was INTEGER,
                shrinks INTEGER NOT NULL) WITHOUT ROWID
              """,
              """
              CREATE TABLE asking (
                pool TEXT NOT NULL,
                tenant TEXT NOT NULL,
                at INTEGER NOT NULL,
                PRIMARY KEY (pool, tenant)) WITHOUT ROWID
              """),
          List.of(
              "ALTER TABLE grants ADD COLUMN key_id TEXT",
              "ALTER TABLE grants ADD COLUMN opened INTEGER NOT NULL DEFAULT 0",
              "UPDATE grants SET key_id = json_extract(record, '$.key')",
              "CREATE INDEX grants_of_key ON grants (key_id, opened)",
              "ALTER TABLE grant_tokens ADD COLUMN added INTEGER NOT NULL DEFAULT 0",
              "CREATE INDEX grant_tokens_of_grant ON grant_tokens (grant_id, added)"),
          List.of("ALTER TABLE jobs ADD COLUMN replayed INTEGER NOT NULL DEFAULT 0"),
          List.of("ALTER TABLE jobs ADD COLUMN steps TEXT NOT NULL DEFAULT ''"),
          List.of(
              "ALTER TABLE jobs ADD COLUMN class TEXT",
              "ALTER TABLE jobs ADD COLUMN cost INTEGER NOT NULL DEFAULT 0",
              "ALTER TABLE jobs ADD COLUMN lane INTEGER",
              "ALTER TABLE jobs ADD COLUMN jobs_before INTEGER",
              "ALTER TABLE jobs ADD COLUMN tokens_before INTEGER",
              "ALTER TABLE jobs ADD COLUMN told_median REAL",
              "ALTER TABLE jobs ADD COLUMN told_ninety REAL",
              "ALTER TABLE jobs ADD COLUMN told_from INTEGER",
              """
              CREATE TABLE lines (
                pool TEXT NOT NULL,
                class TEXT NOT NULL,
                number INTEGER NOT NULL,
                weight INTEGER NOT NULL,
                entered_jobs INTEGER NOT NULL,
                entered_tokens INTEGER NOT NULL,
                departed_jobs INTEGER NOT NULL DEFAULT 0,
                departed_tokens INTEGER NOT NULL DEFAULT 0,
                inflow REAL NOT NULL,
                inflow_at INTEGER NOT NULL,
                PRIMARY KEY (pool, class, number)) WITHOUT ROWID
              """,
              """
              CREATE TABLE paces (
                pool TEXT PRIMARY KEY,
                jobs REAL NOT NULL,
                tokens REAL NOT NULL,
                busy REAL NOT NULL,
                counted_to INTEGER NOT NULL,
                waiting_since INTEGER NOT NULL,
                seen_at INTEGER NOT NULL,
                waiting INTEGER NOT NULL,
                running INTEGER NOT NULL,
                slots REAL NOT NULL,
                timed REAL NOT NULL,
                time_sum REAL NOT NULL,
                time_squares REAL NOT NULL) WITHOUT ROWID
              """,
              """
              CREATE TABLE experience (
                pool TEXT NOT NULL,
                class TEXT NOT NULL,
                median REAL NOT NULL,
                ninety REAL NOT NULL,
                seen INTEGER NOT NULL,
                mean_output REAL NOT NULL,
                PRIMARY KEY (pool, class)) WITHOUT ROWID
              """),
          List.of(
              """
              CREATE TABLE numbers (
                pool TEXT NOT NULL,
                class TEXT NOT NULL,
                tenant TEXT NOT NULL,
                number INTEGER NOT NULL,
                jobs INTEGER NOT NULL,
                weight INTEGER NOT NULL,
                PRIMARY KEY (pool, class, tenant)) WITHOUT ROWID
              """),
          List.of(
              "ALTER TABLE jobs ADD COLUMN came TEXT",
              "ALTER TABLE jobs ADD COLUMN ahead INTEGER NOT NULL DEFAULT 0",
              "ALTER TABLE lines ADD COLUMN turned TEXT",
              "ALTER TABLE lines ADD COLUMN gave_way TEXT",
              "ALTER TABLE lines ADD COLUMN gave_way_before INTEGER NOT NULL DEFAULT 0",
              """
              CREATE TABLE begun (
                pool TEXT PRIMARY KEY, interactive INTEGER NOT NULL, batch INTEGER NOT NULL)
                WITHOUT ROWID
              """,
              """
              CREATE TABLE bounded (tenant TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID
              """),
          List.of("ALTER TABLE paces ADD COLUMN stood_at INTEGER NOT NULL DEFAULT 0"),
          List.of(
              "ALTER TABLE jobs ADD COLUMN origin TEXT",
              "ALTER TABLE jobs ADD COLUMN kept_from INTEGER",
              """
              CREATE TABLE webhooks (
                job INTEGER PRIMARY KEY,
                tenant TEXT NOT NULL,
                origin TEXT NOT NULL,
                state TEXT NOT NULL,
                attempts INTEGER NOT NULL,
                status INTEGER,
                problem TEXT,
                due INTEGER,
                since INTEGER NOT NULL,
                lease INTEGER,
                settled INTEGER)
              """,
              """
              CREATE INDEX webhooks_due ON webhooks (tenant, origin, due) WHERE due IS NOT NULL
              """),
          List.of(
              "ALTER TABLE jobs ADD COLUMN sharing TEXT",
              "ALTER TABLE jobs ADD COLUMN answer_key TEXT",
              "ALTER TABLE jobs ADD COLUMN joined INTEGER NOT NULL DEFAULT 0",
              "ALTER TABLE jobs ADD COLUMN cached TEXT",
              """
              CREATE INDEX jobs_sharing ON jobs (answer_key)
              WHERE answer_key IS NOT NULL AND state = 'queued'
              """,
              """
              CREATE TABLE answers (
                key TEXT PRIMARY KEY,
                ending TEXT NOT NULL,
                job TEXT NOT NULL,
                tenant TEXT NOT NULL,
                tokens INTEGER NOT NULL,
                bytes INTEGER NOT NULL,
                at INTEGER NOT NULL,
                until INTEGER NOT NULL)
              """,
              "CREATE INDEX answers_by_end ON answers (until, bytes)",
              """
              CREATE TABLE flights (
                key TEXT PRIMARY KEY, leader TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID
              """,
              "CREATE INDEX flights_by_end ON flights (until)",
              "CREATE TABLE answered (n INTEGER PRIMARY KEY, job TEXT NOT NULL, tokens INTEGER NOT NULL)"));

  static final int VERSION = FIRST + STEPS.size();

  private Schema() {}

  /**
   * Creates the tables where there are none, and brings older ones up to date; refuses a database
   * that a newer Sluice wrote.
   */
  static void prepare(Sql sql) throws SQLException {
    if (version(sql) == VERSION) {
      return;
    }
    sql.execute("BEGIN IMMEDIATE");
    try {
      create(sql);
      sql.execute("COMMIT");
    } catch (SQLException | RuntimeException e) {
      sql.execute("ROLLBACK");
      throw e;
    }
  }

  private static void create(Sql sql) throws SQLException {
    int version = version(sql);
    if (version > VERSION) {
      throw new IllegalStateException(
          "the database was written by a newer Sluice (its form is %s, this program knows %s)"
              .formatted(version, VERSION));
    }
    if (version == 0) {
      executeAll(sql, TABLES);
    }
    for (int step = Math.max(FIRST, version); step < VERSION; step++) {
      executeAll(sql, STEPS.get(step - FIRST));
    }
    sql.execute("PRAGMA user_version = " + VERSION);
  }

  private static void executeAll(Sql sql, List<String> statements) throws SQLException {
    for (String statement : statements) {
      sql.execute(statement);
    }
  }

  private static int version(Sql sql) throws SQLException {
    return sql.first("PRAGMA user_version", row -> row.getInt(1)).orElse(0);
  }
}
