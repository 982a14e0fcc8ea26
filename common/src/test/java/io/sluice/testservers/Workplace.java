package io.sluice.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** What a server of a test gets: a folder and ports that are its own. */
final class Workplace {
  private Workplace() {}

  static Path folder(String name) {
    try {
      Path folder = Files.createTempDirectory("sluice-" + name + "-");
      Watchdog.remove(folder);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      // A file vanished meanwhile; the watchdog removes what is left.
    }
  }

  /** Free ports outside of the range from which outgoing connections take theirs. */
  static List<Integer> freePorts(int count) {
    List<Integer> ports = new ArrayList<>();
    while (ports.size() < count) {
      int port = 10_000 + (int) (Math.random() * 20_000);
      if (!ports.contains(port) && isFree(port)) {
        ports.add(port);
      }
    }
    return ports;
  }

  /** Sends a greeting and says whether the answer begins with the expected byte. */
  static boolean answers(int port, byte[] greeting, int expected) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      socket.setSoTimeout(1000);
      socket.getOutputStream().write(greeting);
      return socket.getInputStream().read() == expected;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether somebody takes connections. */
  static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static void awaitAnswer(
      String server, Duration limit, ProcessGroup process, BooleanSupplier condition) {
    boolean served = await(limit, () -> !process.isAlive() || condition.getAsBoolean());
    if (!process.isAlive()) {
      throw new IllegalStateException(server + " died");
    }
    if (!served) {
      throw new IllegalStateException(server + " took too long");
    }
  }

  /** A killed server's last process may outlive the first by a moment, and holds the port. */
  static void awaitSilence(int port) {
    if (!await(Duration.ofSeconds(10), () -> isFree(port))) {
      throw new IllegalStateException("port " + port + " is still served");
    }
  }

  private static boolean await(Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
