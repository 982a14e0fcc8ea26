package io.sluice.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.cli.Refusal;
import io.sluice.cli.settings.Secret;
import io.sluice.tls.ClientTls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A login that outlives its tokens, against a server that takes none a moment too long. */
class RenewedLoginTest {
  private static final Duration LIFE = Duration.ofSeconds(2);

  @TempDir Path data;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final StrictServer server = new StrictServer(now::get, LIFE);
  private final OAuth oauth = new OAuth(now::get, ClientTls.DEFAULT);
  private Logins logins;

  @BeforeEach
  void logIn() {
    logins = new Logins(data.resolve("login.json"));
    logins.replace(oauth, server.uri(), new Secret("sk_good"));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void a_command_that_lasts_for_many_lives_of_a_token_is_never_refused() {
    Jobs jobs = command();
    for (int i = 0; i < 200; i++) {
      jobs.find("job_1", Duration.ZERO);
      pass(Duration.ofMillis(300));
    }
    assertThat(server.refused).isZero();
    assertThat(server.reused).isZero();
    assertThat(server.renewals).isBetween(25, 40);
  }

  @Test
  void a_stream_that_outlasts_its_token_goes_on_with_the_next_one() {
    server.streamsUntilEnd = 4;
    server.whenOpened = () -> pass(Duration.ofMillis(2_100));
    assertThat(command().follow("job_1", new JobReader() {}).path("state").asText())
        .isEqualTo("completed");
    assertThat(server.streams).isEqualTo(4);
    assertThat(server.renewals).isEqualTo(3);
    assertThat(server.refused).isZero();
  }

  @Test
  void two_commands_never_spend_one_refresh_token_twice() {
    Jobs one = command();
    Jobs other = command();
    for (int i = 0; i < 100; i++) {
      one.find("job_1", Duration.ZERO);
      other.find("job_1", Duration.ZERO);
      pass(Duration.ofMillis(300));
    }
    assertThat(server.reused).isZero();
    assertThat(server.refused).isZero();
    assertThat(server.renewals).as("one of the two renews").isBetween(10, 20);
  }

  @Test
  void many_threads_and_commands_at_once_renew_once() throws Exception {
    List<Jobs> commands = List.of(command(), command(), command());
    pass(Duration.ofMillis(1_900));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 48; i++) {
        Jobs jobs = commands.get(i % 3);
        all.add(threads.submit(() -> jobs.find("job_1", Duration.ZERO)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(server.renewals).isEqualTo(1);
    assertThat(server.refused).isZero();
    assertThat(server.reused).isZero();
  }

  @Test
  void a_token_that_ended_before_its_time_is_renewed_once() {
    Jobs jobs = command();
    server.forgetAccess();
    jobs.find("job_1", Duration.ZERO);
    assertThat(server.refused).isEqualTo(1);
    assertThat(server.renewals).isEqualTo(1);
  }

  @Test
  void while_the_server_cannot_renew_a_good_token_is_used_on() {
    Jobs jobs = command();
    pass(Duration.ofMillis(1_700));
    server.away = true;
    jobs.find("job_1", Duration.ZERO);
    assertThat(server.refused).isZero();
    assertThat(server.renewals).isZero();
    server.away = false;
    pass(Duration.ofSeconds(10));
    jobs.find("job_1", Duration.ZERO);
    assertThat(server.refused).isZero();
    assertThat(server.renewals).isEqualTo(1);
  }

  @Test
  void a_lost_answer_is_asked_for_again() {
    Jobs jobs = command();
    pass(Duration.ofSeconds(3));
    server.losesNext = true;
    jobs.find("job_1", Duration.ZERO);
    assertThat(server.renewals).isEqualTo(1);
    assertThat(server.reused).isZero();
  }

  @Test
  void an_answer_that_does_not_come_is_asked_for_again_while_the_server_gives_it_again() {
    Jobs jobs = command();
    pass(Duration.ofMillis(1_700));
    server.hangsNext = true;
    jobs.find("job_1", Duration.ZERO);
    pass(Duration.ofSeconds(11));
    jobs.find("job_1", Duration.ZERO);
    assertThat(server.reused).isZero();
    assertThat(server.refused).isZero();
    assertThat(server.renewals).isEqualTo(2);
  }

  @Test
  void a_login_that_was_ended_says_to_log_in_again() {
    Jobs jobs = command();
    server.endLogins();
    assertThatThrownBy(() -> jobs.find("job_1", Duration.ZERO))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("has ended: log in again with: sluice login");
  }

  @Test
  void a_command_notices_that_its_person_logged_out() {
    Jobs jobs = command();
    assertThat(logins.end(oauth, server.uri())).isEqualTo(Logins.Ended.REVOKED);
    assertThat(logins.end(oauth, server.uri())).isEqualTo(Logins.Ended.NO_LOGIN);
    assertThatThrownBy(() -> jobs.find("job_1", Duration.ZERO))
        .hasMessageContaining("any more: log in again");
  }

  @Test
  void the_file_is_for_its_owner_alone_and_keeps_no_key() throws IOException {
    Path file = data.resolve("login.json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file)).doesNotContain("sk_good").contains("a1", "r0");
    assertThat(logins.find(server.uri()).orElseThrow().toString()).doesNotContain("a1");
  }

  @Test
  void a_wrong_key_is_refused_and_the_login_before_it_stays() {
    assertThatThrownBy(() -> logins.replace(oauth, server.uri(), new Secret("sk_bad")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("the API key is not valid");
    command().find("job_1", Duration.ZERO);
  }

  @Test
  void a_broken_file_says_what_to_do() throws IOException {
    Files.writeString(data.resolve("login.json"), "{\"logins\":[{}]}");
    assertThatThrownBy(() -> logins.find(server.uri()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("delete it and log in again");
  }

  private Jobs command() {
    Logins own = new Logins(data.resolve("login.json"));
    Login login = own.find(server.uri()).orElseThrow();
    return new Jobs(
        new Api(server.uri(), new RenewedLogin(login, own, oauth, now::get), ClientTls.DEFAULT),
        now::get);
  }

  private void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  @Test
  void a_file_that_others_can_read_or_that_holds_no_logins_is_told() throws IOException {
    Path file = data.resolve("login.json");
    for (String text : List.of("", "{}", "null")) {
      Files.writeString(file, text);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      assertThatThrownBy(() -> logins.find(URI.create("http://localhost")))
          .as(text)
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("log in again");
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> logins.find(URI.create("http://localhost")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("others can read");
  }
}
