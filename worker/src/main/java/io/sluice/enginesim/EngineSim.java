package io.sluice.enginesim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running simulated model server. Speaks Ollama's protocol, or OpenAI's, without a model;
 * besides, {@code GET /sim/stats}, {@code GET /sim/runs} and {@code POST /sim/faults}. Safe from
 * any thread.
 */
public final class EngineSim implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineSim.class);
  private static final int BACKLOG = 1024;

  private final SimConfig config;
  private final Tally tally;
  private final Faults faults;
  private final Surface surface;
  private final Runnable killAll;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private ServerSocket listener;
  private int port;

  private EngineSim(SimConfig config, Optional<OpenAiSim> openAi) {
    this.config = config;
    tally = new Tally();
    faults = new Faults(config.seed());
    port = config.port();
    Console console = new Console(tally, faults);
    if (openAi.isPresent()) {
      Cache cache = new Cache(config.slots(), openAi.get().tokens(config), tally::held);
      OpenAiCompletions completions =
          new OpenAiCompletions(config, openAi.get(), cache, tally, faults);
      OpenAiEmbeddings embeddings = new OpenAiEmbeddings(config, completions, cache, tally);
      surface = new OpenAiRoutes(completions, embeddings, console);
      killAll = completions::kill;
    } else {
      Scheduler scheduler = new Scheduler(config, tally);
      Completions completions = new Completions(config, scheduler, tally, faults);
      OllamaEmbeddings embeddings =
          new OllamaEmbeddings(config, scheduler, completions, tally, faults);
      surface =
          new OllamaRoutes(completions, embeddings, new Catalogue(config, scheduler), console);
      killAll = scheduler::killAll;
    }
  }

  /** Starts an Ollama server; it listens when this returns. */
  public static EngineSim start(SimConfig config) {
    return start(config, Optional.empty());
  }

  /** Starts a server that speaks OpenAI's protocol; it listens when this returns. */
  public static EngineSim start(SimConfig config, OpenAiSim openAi) {
    return start(config, Optional.of(openAi));
  }

  private static EngineSim start(SimConfig config, Optional<OpenAiSim> openAi) {
    EngineSim sim = new EngineSim(config, openAi);
    sim.reachable();
    return sim;
  }

  public int port() {
    return port;
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public SimStats stats() {
    return tally.stats();
  }

  /** How often a prompt was asked for: the last user message, or the prompt of a generate. */
  public int runs(String prompt) {
    return tally.runs(prompt);
  }

  /** Replaces all faults that are switched on; none switches them off. */
  public void faults(Fault... on) {
    faults.set(List.of(on));
  }

  /** Has all generations stand still, and those that begin, until {@link #release}. */
  public void hold() {
    faults.hold(true);
  }

  /** Lets them go on. Harmless where none is held. */
  public void release() {
    faults.hold(false);
  }

  /** Refuses connections and cuts those that there are, as a dead process does. */
  public synchronized void unreachable() {
    close(listener);
    connections.forEach(EngineSim::close);
    killAll.run();
  }

  /** Cuts all connections and has nothing loaded, as a process that is started again at once. */
  public synchronized void restart() {
    connections.forEach(EngineSim::close);
    killAll.run();
  }

  /** Listens again, on the same port and with nothing loaded. Harmless where it does. */
  public synchronized void reachable() {
    if (listener != null && !listener.isClosed()) {
      return;
    }
    try {
      listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(config.host(), port), BACKLOG);
      port = listener.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on port " + port, e);
    }
    ServerSocket accepting = listener;
    Thread.ofVirtual().name("sim-accept").start(() -> accept(accepting));
  }

  @Override
  public void close() {
    unreachable();
  }

  private void accept(ServerSocket accepting) {
    while (!accepting.isClosed()) {
      try {
        Socket socket = accepting.accept();
        connections.add(socket);
        Thread.ofVirtual().name("sim-connection").start(() -> serve(accepting, socket));
      } catch (IOException e) {
        LOG.trace("Accepting ended: {}", e.toString());
      }
    }
  }

  private void serve(ServerSocket accepting, Socket socket) {
    try {
      if (accepting.isClosed()) {
        close(socket);
      } else {
        new Connection(socket, surface).serve();
      }
    } finally {
      connections.remove(socket);
    }
  }

  private static void close(AutoCloseable open) {
    try {
      open.close();
    } catch (Exception e) {
      LOG.trace("Closing: {}", e.toString());
    }
  }
}
