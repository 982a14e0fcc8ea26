package io.sluice.cli.compose;

import io.sluice.Admission;
import io.sluice.Directory;
import io.sluice.Tenants;
import io.sluice.TokenKeys;
import io.sluice.Unavailable;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.embedded.Embedded;
import io.sluice.embedded.EmbeddedDirectory;
import io.sluice.redis.Redis;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** The directory of tenants and keys by itself, for administration beside running gateways. */
public final class Directories implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Identity identity;
  private final AutoCloseable owner;

  private Directories(Identity identity, AutoCloseable owner) {
    this.identity = identity;
    this.owner = owner;
  }

  /** The directory in Redis if that is set, else the one in the folder. */
  public static Directories open(Optional<ServerAddress> redis, Path data) {
    try {
      if (redis.isPresent()) {
        Redis connected =
            Redis.connect(redis.get().uri(), redis.get().tls(), Admission.Bounds.DEFAULT);
        return new Directories(
            new Identity(connected.directory(), connected.tenants(), connected.tokenKeys()),
            connected);
      }
      EmbeddedDirectory embedded = Embedded.openDirectory(data);
      return new Directories(
          new Identity(embedded, embedded.tenants(), embedded.tokenKeys()), embedded);
    } catch (IllegalArgumentException e) {
      throw new Refusal(Exit.USAGE, e.getMessage());
    } catch (IllegalStateException | java.io.UncheckedIOException e) {
      throw new Refusal(Exit.CANNOT_START, e.getMessage());
    }
  }

  /** Asks the directory, and asks again while the connection to it is being made. */
  public <T> T ask(Function<Directory, Future<T>> question) {
    return askAll(ports -> question.apply(ports.keys()));
  }

  /** The same for all that it holds. */
  public <T> T askAll(Function<Identity, Future<T>> question) {
    long deadline = System.nanoTime() + CONNECT.toNanos();
    while (true) {
      try {
        return Waiting.await(question.apply(identity), ANSWER);
      } catch (Unavailable e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  /** Who may come in, by what, and how much. */
  public record Identity(Directory keys, Tenants tenants, TokenKeys tokenKeys) {}

  @Override
  public void close() {
    try {
      owner.close();
    } catch (Exception e) {
      throw new IllegalStateException("the directory did not close", e);
    }
  }
}
