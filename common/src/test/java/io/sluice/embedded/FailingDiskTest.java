package io.sluice.embedded;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The database fails for a while, and then it does not: nothing is half done, nothing stays. */
class FailingDiskTest {
  private static final int BIG = 200_000;

  private final TemporaryData data = TemporaryData.make();
  private Database database;

  @BeforeEach
  void open() {
    database = Database.open(DataDirectory.database(data.path()), FailingDiskTest::tables);
  }

  private static Void tables(Sql sql) throws SQLException {
    sql.execute("PRAGMA foreign_keys = ON");
    sql.execute("CREATE TABLE notes (n INTEGER PRIMARY KEY, text BLOB)");
    sql.execute(
        "CREATE TABLE replies (note INTEGER REFERENCES notes (n) DEFERRABLE INITIALLY DEFERRED)");
    return null;
  }

  @AfterEach
  void close() {
    database.close();
    data.close();
  }

  @Test
  void it_works_again_as_soon_as_a_full_disk_has_space() {
    await(note(1, 1));
    pages(1);

    for (int n = 0; n < 3; n++) {
      Future<Integer> refused = note(2, BIG);
      assertThatThrownBy(() -> await(refused))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("full");
      assertThat(notes()).containsExactly(1);
    }

    pages(1_000_000);
    await(note(3, BIG));
    assertThat(notes()).containsExactly(1, 3);
    assertThatNobodyHoldsTheLock();
  }

  @Test
  void what_failed_in_a_full_disk_is_not_half_done() {
    pages(1);

    Future<Void> both =
        database.write(
            sql -> {
              sql.update("INSERT INTO notes VALUES (?, zeroblob(1))", 1);
              sql.update("INSERT INTO notes VALUES (?, zeroblob(?))", 2, BIG);
              return null;
            });
    assertThatThrownBy(() -> await(both)).isInstanceOf(Unavailable.class);

    pages(1_000_000);
    await(note(3, 1));
    assertThat(notes()).containsExactly(3);
  }

  @Test
  void a_commit_that_fails_takes_nothing_along() {
    for (int n = 0; n < 2; n++) {
      Future<Integer> orphan = database.write(sql -> sql.update("INSERT INTO replies VALUES (9)"));
      assertThatThrownBy(() -> await(orphan)).isInstanceOf(Unavailable.class);
    }

    await(note(1, 1));
    assertThat(notes()).containsExactly(1);
    assertThatNobodyHoldsTheLock();
  }

  @Test
  void a_transaction_that_is_gone_in_the_middle_harms_no_later_one() {
    for (int n = 0; n < 2; n++) {
      Future<Void> gone = database.write(sql -> run(sql, "ROLLBACK"));
      assertThatThrownBy(() -> await(gone)).isInstanceOf(Unavailable.class);
    }

    await(note(1, 1));
    assertThat(notes()).containsExactly(1);
  }

  @Test
  void a_connection_that_is_of_no_use_any_more_is_opened_again() {
    await(note(1, 1));

    Future<Void> broken = database.write(FailingDiskTest::breakOff);
    assertThatThrownBy(() -> await(broken)).isInstanceOf(Unavailable.class);
    List<Future<Void>> readers =
        List.of(
            database.read(FailingDiskTest::breakOff),
            database.read(FailingDiskTest::breakOff),
            database.read(FailingDiskTest::breakOff));
    readers.forEach(
        reader -> assertThatThrownBy(() -> await(reader)).isInstanceOf(Unavailable.class));

    await(note(2, 1));
    for (int n = 0; n < 6; n++) {
      assertThat(notes()).containsExactly(1, 2);
    }
    assertThatThrownBy(() -> await(database.read(sql -> sql.update("DELETE FROM notes"))))
        .isInstanceOf(Unavailable.class);
  }

  private static Void breakOff(Sql sql) throws SQLException {
    sql.close();
    return null;
  }

  @Test
  void a_reader_whose_statement_failed_reads_on() {
    for (int n = 0; n < 6; n++) {
      assertThatThrownBy(() -> await(database.read(sql -> sql.update("DELETE FROM notes"))))
          .isInstanceOf(Unavailable.class);
    }
    await(note(1, 1));
    for (int n = 0; n < 6; n++) {
      assertThat(notes()).containsExactly(1);
    }
  }

  private Future<Integer> note(int n, int bytes) {
    return database.write(sql -> sql.update("INSERT INTO notes VALUES (?, zeroblob(?))", n, bytes));
  }

  private List<Integer> notes() {
    return await(
        database.read(sql -> sql.all("SELECT n FROM notes ORDER BY n", row -> row.getInt(1))));
  }

  /** As a full disk does it: there may be no more pages than {@code most} or than there are. */
  private void pages(int most) {
    String text = "PRAGMA max_page_count = " + most;
    await(database.write(sql -> run(sql, text)));
  }

  private static Void run(Sql sql, String text) throws SQLException {
    sql.execute(text);
    return null;
  }

  private void assertThatNobodyHoldsTheLock() {
    try (Sql other = Sql.open(DataDirectory.database(data.path()))) {
      other.execute("PRAGMA busy_timeout = 0");
      other.execute("BEGIN IMMEDIATE");
      other.execute("ROLLBACK");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
