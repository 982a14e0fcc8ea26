package io.sluice.cli.doctor;

import io.sluice.tls.Unchecked;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Finds the addresses at which a model server answers whoever asks, over plain HTTP or over TLS
 * without a client's certificate. Only addresses that this machine has are tried, or, where the
 * model server is on another host, that host's.
 */
public final class OpenEngine {
  private static final Duration WITHIN = Duration.ofMillis(2_700);
  private static final int ADDRESSES_MAX = 64;
  private static final int OLLAMA_PORT = 11_434;
  private static final List<String> SCHEMES = List.of("http", "https");
  private static final List<String> PATHS = List.of("/api/version", "/v1/models");

  private final List<InetAddress> own;
  private final int standardPort;
  private final Duration within;

  /**
   * @param own addresses of this machine that other hosts may reach
   * @param standardPort tried beside the port of the engine's address: what stands in front of an
   *     engine has that, and the engine itself must not be open either
   * @param within how long all of it may take; what has not answered by then is not open
   */
  public OpenEngine(List<InetAddress> own, int standardPort, Duration within) {
    this.within = within;
    this.own = own.stream().limit(ADDRESSES_MAX).toList();
    this.standardPort = standardPort;
  }

  /** With every address of this machine but the loopback's. */
  public static OpenEngine here() {
    List<InetAddress> addresses = new ArrayList<>();
    try {
      for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (each.isUp() && !each.isLoopback()) {
          addresses.addAll(Collections.list(each.getInetAddresses()));
        }
      }
    } catch (SocketException e) {
      throw new IllegalStateException("the addresses of this machine cannot be listed", e);
    }
    return new OpenEngine(addresses, OLLAMA_PORT, WITHIN);
  }

  /**
   * The addresses at which it is open, as {@code http://10.0.0.7:11434}; none where it is not.
   * Blocks until all have answered, or the time is over.
   */
  public List<String> of(URI engine) throws InterruptedException {
    List<Callable<Optional<String>>> tries = new ArrayList<>();
    for (InetSocketAddress target : targets(engine)) {
      for (String scheme : SCHEMES) {
        PATHS.forEach(path -> tries.add(() -> openAt(scheme, target, path)));
      }
    }
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      return threads.invokeAll(tries, within.toMillis(), TimeUnit.MILLISECONDS).stream()
          .filter(one -> one.state() == Future.State.SUCCESS)
          .flatMap(one -> one.resultNow().stream())
          .distinct()
          .toList();
    } finally {
      threads.shutdownNow();
    }
  }

  private Set<InetSocketAddress> targets(URI engine) {
    Set<InetSocketAddress> targets = new LinkedHashSet<>();
    List<InetAddress> hosts = addresses(engine);
    boolean here = hosts.stream().anyMatch(one -> one.isLoopbackAddress() || own.contains(one));
    for (InetAddress address : here ? own : hosts) {
      targets.add(new InetSocketAddress(address, port(engine)));
      targets.add(new InetSocketAddress(address, standardPort));
    }
    return targets;
  }

  private static List<InetAddress> addresses(URI engine) {
    try {
      return List.of(InetAddress.getAllByName(engine.getHost()));
    } catch (UnknownHostException e) {
      return List.of();
    }
  }

  private static int port(URI engine) {
    if (engine.getPort() >= 0) {
      return engine.getPort();
    }
    return "https".equals(engine.getScheme()) ? 443 : 80;
  }

  /** The address, if it gives what only a client with a certificate should get. */
  private Optional<String> openAt(String scheme, InetSocketAddress address, String path) {
    try (Socket plain = new Socket()) {
      plain.connect(address, (int) within.toMillis());
      plain.setSoTimeout((int) within.toMillis());
      try (Socket socket = scheme.equals("https") ? Unchecked.over(plain) : plain) {
        String host = shown(address);
        String request =
            "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(path, host);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 2".length());
        return new String(start, StandardCharsets.US_ASCII).matches("HTTP/1\\.[01] 2")
            ? Optional.of(scheme + "://" + host)
            : Optional.empty();
      }
    } catch (IOException closed) {
      return Optional.empty();
    }
  }

  private static String shown(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    String bare = host.contains("%") ? host.substring(0, host.indexOf('%')) : host;
    return (bare.contains(":") ? "[" + bare + "]" : bare) + ":" + address.getPort();
  }
}
