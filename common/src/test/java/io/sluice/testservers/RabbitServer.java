package io.sluice.testservers;

import io.sluice.testservers.Commands.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A RabbitMQ on the loopback that belongs to one test, or to one JVM. Mind two things when killing
 * it: a quorum queue declared less than five seconds before may be lost with its messages, and
 * {@code list_queues} shows zeros for half a minute after a restart; so count by pulling.
 */
public final class RabbitServer implements AutoCloseable {
  private static final byte[] GREETING = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
  private static final int CONNECTION_START = 1;

  private final Path program;
  private final Path folder;
  private final int port;
  private final int tlsPort;
  private final Map<String, String> environment;
  private final ProcessGroup portMapper;
  private final Thread atExit = new Thread(this::end, "rabbit-server-end");
  private ProcessGroup server;

  private RabbitServer(Path program, Path folder, List<Integer> ports) {
    this.program = program;
    this.folder = folder;
    this.port = ports.get(0);
    this.tlsPort = ports.get(3);
    this.environment = environment(folder, ports);
    // Its own, in the foreground: one started by Erlang would detach and stay behind.
    this.portMapper =
        ProcessGroup.start(
            List.of(epmd().toString(), "-address", "127.0.0.1", "-port", ports.get(2).toString()),
            environment,
            folder,
            folder.resolve("epmd.log"));
  }

  /** Starts one on free ports, with an empty temporary folder; returns when it serves. */
  public static RabbitServer start() {
    return start(Optional.empty());
  }

  /** The same, with TLS on a port of its own. */
  public static RabbitServer start(ServerTls tls) {
    return start(Optional.of(tls));
  }

  private static RabbitServer start(Optional<ServerTls> tls) {
    Path program = real(Programs.require("rabbitmq-server"));
    RabbitServer rabbit =
        new RabbitServer(program, Workplace.folder("rabbit"), Workplace.freePorts(4));
    Runtime.getRuntime().addShutdownHook(rabbit.atExit);
    try {
      rabbit.configure(tls.map(it -> it.rabbit(rabbit.tlsPort)).orElse(""));
      rabbit.launch();
      return rabbit;
    } catch (RuntimeException e) {
      String log = rabbit.log();
      rabbit.close();
      throw new IllegalStateException("RabbitMQ did not start: " + log, e);
    }
  }

  public URI uri() {
    return URI.create("amqp://guest:guest@127.0.0.1:" + port);
  }

  /** Where it speaks TLS, if it does. */
  public int tlsPort() {
    return tlsPort;
  }

  public int port() {
    return port;
  }

  /** Ends it as a power cut would: what was not synced is gone. */
  public synchronized void kill9() {
    server.kill9();
    Workplace.awaitSilence(port);
  }

  /** Ends it, if it still runs, and starts it on the same port with the same data. */
  public synchronized void restart() {
    if (server.isAlive()) {
      kill9();
    }
    launch();
  }

  /** Freezes it: connections stay open and nobody answers. */
  public synchronized void suspend() {
    server.suspend();
  }

  public synchronized void resume() {
    server.resume();
  }

  /** Runs {@code rabbitmqctl} against it and returns what it printed. */
  public String ctl(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                program.resolveSibling("rabbitmqctl").toString(),
                "-q",
                "-n",
                environment.get("RABBITMQ_NODENAME")));
    command.addAll(List.of(arguments));
    Outcome outcome = Commands.run(command, environment, 60);
    if (!outcome.succeeded()) {
      throw new IllegalStateException("rabbitmqctl failed: " + outcome.output());
    }
    return outcome.output();
  }

  /** The end of what it printed. */
  public String log() {
    try {
      String text = Files.readString(folder.resolve("server.log"));
      return text.substring(Math.max(0, text.length() - 4000));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  Path folder() {
    return folder;
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM ends: the hook does the same work.
    }
    end();
  }

  private synchronized void end() {
    if (server != null && server.isAlive()) {
      kill9();
    }
    if (portMapper.isAlive()) {
      portMapper.kill9();
    }
    Workplace.remove(folder);
  }

  private synchronized void launch() {
    server =
        ProcessGroup.start(
            List.of(program.toString()), environment, folder, folder.resolve("server.log"));
    Workplace.awaitAnswer(
        "RabbitMQ",
        Duration.ofSeconds(90),
        server,
        () -> Workplace.answers(port, GREETING, CONNECTION_START));
  }

  private void configure(String more) {
    try {
      Files.writeString(
          folder.resolve("rabbitmq.conf"),
          """
          vm_memory_high_watermark.absolute = 1GB
          disk_free_limit.absolute = 50MB
          raft.wal_max_size_bytes = 67108864
          log.file = false
          log.console = true
          log.console.level = warning
          """
              + more);
      Files.writeString(folder.resolve("enabled_plugins"), "[].");
      Files.writeString(folder.resolve("environment"), "");
      Path cookie = folder.resolve(".erlang.cookie");
      Files.writeString(cookie, Long.toHexString(System.nanoTime()), StandardCharsets.US_ASCII);
      Files.setPosixFilePermissions(
          cookie, java.nio.file.attribute.PosixFilePermissions.fromString("r--------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> environment(Path folder, List<Integer> ports) {
    return Map.ofEntries(
        Map.entry("HOME", folder.toString()),
        Map.entry("RABBITMQ_NODENAME", "sluice" + ports.get(0) + "@localhost"),
        Map.entry("RABBITMQ_NODE_PORT", ports.get(0).toString()),
        Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
        Map.entry("RABBITMQ_DIST_PORT", ports.get(1).toString()),
        Map.entry("ERL_EPMD_PORT", ports.get(2).toString()),
        Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
        Map.entry("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString()),
        Map.entry("RABBITMQ_LOG_BASE", folder.resolve("log").toString()),
        Map.entry("RABBITMQ_LOGS", "-"),
        Map.entry("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq").toString()),
        Map.entry("RABBITMQ_CONF_ENV_FILE", folder.resolve("environment").toString()),
        Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("enabled_plugins").toString()),
        // No busy waiting: the machine that runs tests is rarely alone.
        Map.entry(
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
            "+sbwt none +sbwtdcpu none +sbwtdio none"
                + " -kernel inet_dist_use_interface {127,0,0,1}"));
  }

  /** Debian's programs on the PATH switch to the user of the system's own broker; these do not. */
  private static Path real(Path onPath) {
    Path debian = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");
    return Files.isExecutable(debian) ? debian : onPath;
  }

  private static Path epmd() {
    return Commands.find("epmd")
        .orElseThrow(() -> new ServersMissing("there is a RabbitMQ, but no epmd on the PATH"));
  }
}
