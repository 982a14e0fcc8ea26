package io.sluice.testservers;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Redis on the loopback, set up as Sluice asks for, that belongs to one test or one JVM. */
public final class RedisServer implements AutoCloseable {
  private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Path program;
  private final Optional<ServerTls> tls;
  private final Path folder = Workplace.folder("redis");
  private final int port = Workplace.freePorts(1).get(0);
  private final Thread atExit = new Thread(this::end, "redis-server-end");
  private ProcessGroup server;

  private RedisServer(Path program, Optional<ServerTls> tls) {
    this.program = program;
    this.tls = tls;
  }

  /** Starts one on a free port, with an empty temporary folder; returns when it serves. */
  public static RedisServer start() {
    return start(Optional.empty());
  }

  /** The same, on TLS only. */
  public static RedisServer start(ServerTls tls) {
    return start(Optional.of(tls));
  }

  private static RedisServer start(Optional<ServerTls> tls) {
    RedisServer redis = new RedisServer(Programs.require("redis-server"), tls);
    Runtime.getRuntime().addShutdownHook(redis.atExit);
    try {
      redis.launch();
      return redis;
    } catch (RuntimeException e) {
      redis.close();
      throw e;
    }
  }

  public URI uri() {
    return URI.create((tls.isPresent() ? "rediss://localhost:" : "redis://127.0.0.1:") + port);
  }

  public int port() {
    return port;
  }

  /** Ends it at once. The last second of writes may be lost, as in production. */
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
    Workplace.remove(folder);
  }

  private synchronized void launch() {
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--appendonly",
                "yes",
                "--appendfsync",
                "everysec",
                "--maxmemory-policy",
                "noeviction",
                "--save",
                "",
                "--daemonize",
                "no"));
    command.addAll(tls.map(it -> it.redis(port)).orElse(List.of("--port", String.valueOf(port))));
    server = ProcessGroup.start(command, Map.of(), folder, folder.resolve("server.log"));
    // While it loads its data it answers with an error, which begins with a minus.
    Workplace.awaitAnswer(
        "Redis",
        Duration.ofSeconds(30),
        server,
        () -> tls.isPresent() ? Workplace.listens(port) : Workplace.answers(port, PING, '+'));
  }
}
