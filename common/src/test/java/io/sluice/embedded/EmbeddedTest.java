package io.sluice.embedded;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.Admission;
import io.sluice.ApiKey;
import io.sluice.Await;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobMessage;
import io.sluice.JobQueue;
import io.sluice.Jobs;
import io.sluice.Lane;
import io.sluice.Limit;
import io.sluice.Limits;
import io.sluice.Lines;
import io.sluice.Tenant;
import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddedTest {
  private final TemporaryData data = TemporaryData.make();

  @AfterEach
  void clean() {
    data.close();
  }

  private Embedded open() {
    return data.open(Admission.Bounds.DEFAULT, List.of(Jobs.POOL), InstantSource.system());
  }

  private Database database() {
    return Database.open(DataDirectory.database(data.path()), sql -> null);
  }

  @Test
  void what_entered_the_lanes_and_waits_there_is_known_after_a_restart() {
    Lines before;
    try (Embedded first = open()) {
      await(first.admission().admit(Jobs.chat().job()));
      await(first.admission().admit(Jobs.chat().batch().job()));
      before = await(first.backlog().look(Jobs.POOL));
    }
    try (Embedded second = open()) {
      Lines after = await(second.backlog().look(Jobs.POOL));
      for (JobClass jobClass : JobClass.values()) {
        Lines.Queue lane = after.of(jobClass).lanes().getFirst();
        assertThat(lane.waiting().jobs()).isOne();
        assertThat(lane.entered()).isEqualTo(before.of(jobClass).lanes().getFirst().entered());
      }
      Job next = Jobs.chat().job();
      Admission.Decision decision = await(second.admission().admit(next));
      assertThat(((Admission.Decision.Admitted) decision).ticket().jobsBefore()).isOne();
    }
  }

  @Test
  void a_data_directory_is_open_once() {
    try (Embedded first = open()) {
      assertThat(first).isNotNull();
      assertThatThrownBy(this::open)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(data.path().toString())
          .hasMessageContaining(
              "in use by another sluice (process " + ProcessHandle.current().pid());
    }
    open().close();
  }

  @Test
  void a_database_of_a_newer_sluice_is_refused_and_the_directory_let_go() {
    open().close();
    try (Database database = database()) {
      await(database.<Void>write(sql -> version(sql, Schema.VERSION + 1)));
    }

    assertThatThrownBy(this::open)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("newer Sluice")
        .hasMessageContaining(String.valueOf(Schema.VERSION + 1));

    try (DataLock lock = DataLock.take(data.path())) {
      assertThat(lock).isNotNull();
    }
  }

  @Test
  void a_database_of_the_first_form_is_brought_up_to_date_with_all_it_holds()
      throws java.sql.SQLException {
    ApiKey key = ApiKey.of("old", "acme", "00", Set.of("admin"), Instant.EPOCH);
    writeFirstForm();

    try (Embedded embedded = open()) {
      assertThat(await(embedded.directory().keys())).contains(key);
      Tenant tenant = new Tenant("acme", Limits.NONE);
      await(embedded.tenants().put(tenant));
      assertThat(await(embedded.tenants().all())).containsExactly(tenant);
      Job job = Jobs.chat().job();
      Limits limits = new Limits(Map.of(Limit.TENANT_REQUESTS_PER_MINUTE, 1L), Set.of());
      assertThat(await(embedded.admission().admit(new Admission.Entry(job, limits))))
          .isInstanceOf(Admission.Decision.Admitted.class);
    }
  }

  private void writeFirstForm() throws java.sql.SQLException {
    try (Sql sql = Sql.open(DataDirectory.database(data.path()))) {
      for (String table : Schema.TABLES) {
        sql.execute(table);
      }
      sql.execute(
          "INSERT INTO api_keys (id, tenant, secret_hash, scopes, created_at)"
              + " VALUES ('old', 'acme', '00', 'admin', 0)");
      version(sql, Schema.FIRST);
    }
  }

  private static Void version(Sql sql, int version) throws java.sql.SQLException {
    sql.execute("PRAGMA user_version = " + version);
    return null;
  }

  @Test
  void a_new_data_directory_is_its_owners_alone() throws java.io.IOException {
    Path made = data.path().resolve("a/b");
    Embedded.open(made, Admission.Bounds.DEFAULT, List.of(), InstantSource.system()).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(made.resolve("sluice.db"))))
        .isEqualTo("rw-------");
  }

  @Test
  void one_that_fails_leaves_nothing_behind_and_the_others_go_on() {
    open().close();
    try (Database database = database()) {
      CountDownLatch hold = new CountDownLatch(1);
      Future<Void> first = database.write(sql -> held(hold));
      List<Future<Integer>> together =
          IntStream.range(0, 10).mapToObj(n -> database.write(sql -> count(sql, n))).toList();
      hold.countDown();
      await(first);

      for (int n = 0; n < together.size(); n++) {
        Future<Integer> answer = together.get(n);
        if (n == 3) {
          assertThatThrownBy(() -> await(answer)).isInstanceOf(IllegalArgumentException.class);
        } else if (n == 5) {
          assertThatThrownBy(() -> await(answer)).isInstanceOf(Unavailable.class);
        } else {
          assertThat(await(answer)).isEqualTo(1);
        }
      }
      Future<List<Integer>> stored =
          database.read(
              sql -> sql.all("SELECT scope FROM waiting ORDER BY 1", row -> row.getInt(1)));
      assertThat(await(stored)).containsExactly(0, 1, 2, 4, 6, 7, 8, 9);
    }
  }

  private static Void held(CountDownLatch latch) {
    try {
      latch.await();
      return null;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static int count(Sql sql, int n) throws java.sql.SQLException {
    int inserted = sql.update("INSERT INTO waiting (scope, jobs) VALUES (?, 1)", n);
    if (n == 3) {
      throw new IllegalArgumentException("three");
    }
    if (n == 5) {
      sql.update("INSERT INTO waiting (scope, jobs) VALUES (?, 1)", n);
    }
    return inserted;
  }

  @Test
  void a_listener_that_blocks_holds_up_nobody() {
    open().close();
    try (Database database = database()) {
      // Nothing completes before its listener is there: that would then run on this thread.
      CountDownLatch hold = new CountDownLatch(1);
      CountDownLatch blocked = new CountDownLatch(1);
      List<Future<Void>> answers =
          Stream.concat(
                  Stream.of(database.write(sql -> held(hold))),
                  Stream.generate(() -> database.read(sql -> held(hold))).limit(3))
              .map(answer -> answer.onSuccess(done -> held(blocked)))
              .toList();
      hold.countDown();

      await(database.<Void>write(sql -> null));
      await(database.<Void>read(sql -> null));

      blocked.countDown();
      answers.forEach(Await::await);
    }
  }

  @Test
  void more_writes_than_can_wait_are_refused() {
    open().close();
    try (Database database = database()) {
      CountDownLatch hold = new CountDownLatch(1);
      Future<Void> first = database.write(sql -> held(hold));
      List<Future<Void>> writes =
          IntStream.range(0, 10_000).mapToObj(n -> database.<Void>write(sql -> null)).toList();

      assertThatThrownBy(() -> await(writes.getLast())).isInstanceOf(Unavailable.class);
      hold.countDown();

      await(first);
      await(writes.getFirst());
      await(Future.join(writes).otherwiseEmpty());
      await(database.<Void>write(sql -> null));
    }
  }

  @Test
  void after_it_was_closed_every_answer_is_unavailable() {
    Embedded embedded = open();
    embedded.close();

    assertThatThrownBy(() -> await(embedded.admission().admit(Jobs.chat().job())))
        .isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> await(embedded.store().find(Jobs.chat().job().id())))
        .isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> await(embedded.healthChecks().getFirst().check()))
        .isInstanceOf(Unavailable.class);
    Lane lane = new Lane.Ready(Jobs.POOL, JobClass.INTERACTIVE, 0);
    assertThat(await(embedded.queue().publish(lane, new JobMessage(Jobs.chat().job(), 0))))
        .isEqualTo(JobQueue.Publish.REFUSED);
  }

  @Test
  void it_is_healthy() {
    try (Embedded embedded = open()) {
      assertThat(embedded.healthChecks()).hasSize(1);
      await(embedded.healthChecks().getFirst().check());
    }
  }
}
