package io.sluice.worker;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.FailureCode.Blame;
import io.sluice.Pool;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done about an engine whose model hangs, before it is probed again: its connections are
 * closed, since it lets go of a model only when nobody uses it, and the model is unloaded.
 */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final Duration UNLOAD_MOST = Duration.ofSeconds(30);
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(10);
  private static final Failure UNPROVEN =
      new Failure(FailureCode.FIRST_TOKEN_TIMEOUT, "The model server does not answer a probe.");

  private final Engine engine;
  private final Duration silence;

  /**
   * @param silence the longest that it may be silent
   */
  Recovery(Engine engine, Duration silence) {
    this.engine = engine;
    this.silence = silence;
  }

  /**
   * Whether a probe that failed like this may be helped by loading the model anew. An engine that
   * is away, busy or loading is not helped by it.
   */
  static boolean mayHelp(Failure probe) {
    return probe.code().blame() != Blame.INFRASTRUCTURE && probe.code().retryable();
  }

  /**
   * Does what may be done; nothing where the model answers others.
   *
   * @return why a probe is useless; nothing where it is worth one
   */
  Optional<Failure> of(Pool pool) {
    Company company = engine.company();
    if (company.shares(pool) || company.spoke(pool, least(SIGN_OF_LIFE, silence.dividedBy(2)))) {
      LOG.info("{} is not unloaded at {}: it answers others", pool, engine.name());
      return Optional.empty();
    }
    Duration within = least(UNLOAD_MOST, silence);
    company.stopAll(pool, UNPROVEN);
    company.awaitNone(pool, within);
    return switch (engine.server().unload(pool, within)) {
      case Unloading.Gone gone -> {
        LOG.warn("{} was unloaded at {}, which hung", pool, engine.name());
        yield Optional.empty();
      }
      case Unloading.Unsupported unsupported -> Optional.empty();
      case Unloading.Stays(Failure why) -> Optional.of(why);
    };
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
