package io.sluice.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.TestServers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RealServersTest {
  @Test
  void a_broker_is_killed_and_comes_back_on_its_port() {
    try (RabbitServer rabbit = TestServers.ownRabbit()) {
      rabbit.kill9();
      assertThat(accepts(rabbit.port())).isFalse();
      rabbit.restart();
      assertThat(rabbit.ctl("list_vhosts")).contains("/");
    }
  }

  @Test
  void a_closed_broker_leaves_no_process_and_no_file() {
    Set<ProcessHandle> before = descendants();
    RabbitServer rabbit = TestServers.ownRabbit();
    Set<ProcessHandle> started = descendants();
    started.removeAll(before);
    assertThat(started).hasSizeGreaterThan(2);

    rabbit.close();
    await().until(() -> started.stream().noneMatch(ProcessHandle::isAlive));
    assertThat(rabbit.folder()).doesNotExist();
  }

  @Test
  void redis_keeps_its_data_over_a_restart_and_freezes_on_demand() throws IOException {
    try (RedisServer redis = TestServers.ownRedis()) {
      assertThat(say(redis, "SET k v")).isEqualTo("+OK");
      assertThat(say(redis, "CONFIG GET maxmemory-policy")).startsWith("*2");
      redis.suspend();
      redis.resume();
      redis.restart();
      assertThat(say(redis, "GET k")).isIn("$1", "$-1");
    }
  }

  @Test
  void the_shared_servers_are_the_same_at_every_call() {
    assertThat(TestServers.redisUri()).isEqualTo(TestServers.redisUri());
    assertThat(TestServers.amqpUri()).isEqualTo(TestServers.amqpUri());
  }

  @Test
  void servers_end_with_a_jvm_that_is_killed() throws Exception {
    TestServers.ownRedis().close();
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Starter.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int port;
    try (var output = jvm.inputReader()) {
      port = Integer.parseInt(output.readLine());
      assertThat(accepts(port)).isTrue();
      jvm.destroyForcibly();
    }
    await().until(() -> !accepts(port));
  }

  /** A JVM that starts a server and never ends by itself. */
  static final class Starter {
    public static void main(String[] arguments) throws InterruptedException {
      System.out.println(RedisServer.start().port());
      Thread.currentThread().join();
    }
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static String say(RedisServer redis, String command) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
      byte[] answer = new byte[64];
      int read = socket.getInputStream().read(answer);
      return new String(answer, 0, read, StandardCharsets.US_ASCII).lines().findFirst().orElse("");
    }
  }

  private static Set<ProcessHandle> descendants() {
    return ProcessHandle.current().descendants().collect(Collectors.toSet());
  }
}
