package io.sluice.cli.compose;

import io.sluice.HealthCheck;
import io.sluice.Unavailable;
import io.sluice.worker.Outage;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Whether the engines of this process serve what they should. Never names an engine's host. */
final class EngineHealth {
  private volatile Optional<Source> source = Optional.empty();
  private volatile String before = "the worker has not started yet";

  /**
   * The worker cannot start yet.
   *
   * @return whether that is another reason than before
   */
  boolean waitsFor(String what) {
    boolean another = !before.equals(what);
    before = what;
    return another;
  }

  /**
   * The worker runs.
   *
   * @param outages what its engines do not serve now
   * @param serves whether they serve anything
   */
  void watch(Supplier<List<Outage>> outages, BooleanSupplier serves) {
    source = Optional.of(new Source(outages, serves));
  }

  /** A warning while any pool is not served by an engine: for a process that takes jobs too. */
  HealthCheck told() {
    return new Check(false);
  }

  /** Fails while no pool is served at all: for a process that does nothing else. */
  HealthCheck needed() {
    return new Check(true);
  }

  private Optional<String> trouble(boolean onlyIfAll) {
    if (source.isEmpty()) {
      return Optional.of(before);
    }
    List<Outage> outages = source.get().outages().get();
    return outages.isEmpty() || onlyIfAll && source.get().serves().getAsBoolean()
        ? Optional.empty()
        : Optional.of(
            outages.stream()
                .map(one -> one.pool() + ": " + one.why().message())
                .distinct()
                .collect(Collectors.joining(" ")));
  }

  private record Source(Supplier<List<Outage>> outages, BooleanSupplier serves) {}

  private final class Check implements HealthCheck {
    private final boolean required;

    private Check(boolean required) {
      this.required = required;
    }

    @Override
    public String name() {
      return "engine";
    }

    @Override
    public boolean required() {
      return required;
    }

    @Override
    public Future<Void> check() {
      return trouble(required)
          .map(why -> Future.<Void>failedFuture(new Unavailable("engine", why)))
          .orElseGet(Future::succeededFuture);
    }
  }
}
