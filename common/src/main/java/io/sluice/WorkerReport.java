package io.sluice;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What a worker says of itself.
 *
 * @param id of the process, unlike that of any other; 1 to 64 letters, digits, dots, dashes and
 *     underscores
 * @param host the machine that it runs on
 * @param version of the program
 * @param pools what it was told to serve
 * @param jobs in its hands, running or waiting without a slot
 */
public record WorkerReport(
    String id,
    String host,
    String version,
    List<Pool> pools,
    List<Engine> engines,
    State state,
    int jobs,
    Instant startedAt) {

  /** Of an id. */
  public static final String ID_FORM = "[A-Za-z0-9._-]{1,64}";

  public WorkerReport {
    if (!id.matches(ID_FORM)) {
      throw new IllegalArgumentException("worker id '" + id + "': not " + ID_FORM);
    }
    pools = sorted(pools);
    engines = List.copyOf(engines);
  }

  private static List<Pool> sorted(List<Pool> pools) {
    return pools.stream().sorted(Comparator.comparing(Pool::toString)).toList();
  }

  public int slots() {
    return engines.stream().mapToInt(Engine::slots).sum();
  }

  /** Slots that are taken, by a job or by a probe of the engine. */
  public int busy() {
    return engines.stream().mapToInt(Engine::busy).sum();
  }

  /**
   * One model server.
   *
   * @param ready the pools whose model has answered a probe
   */
  public record Engine(String name, int slots, int busy, List<Pool> ready) {
    public Engine {
      ready = sorted(ready);
    }
  }

  /** What it is doing. */
  public enum State {
    SERVING,
    /** It pulls nothing more, and some of its jobs have not ended. */
    DRAINING,
    /** It has no jobs and pulls none until it is told to. */
    DRAINED,
    /** The process ends. */
    STOPPING;

    /** The name on the wire: {@code serving}. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
