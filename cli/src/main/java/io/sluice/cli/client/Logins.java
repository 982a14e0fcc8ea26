package io.sluice.cli.client;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.Secret;
import io.sluice.codec.CodecException;
import io.sluice.disk.OwnerFile;
import io.sluice.disk.OwnerOnly;
import io.sluice.disk.SmallFile;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The logins of one person, one for each server, in a file that only they can read. A refresh token
 * works once, so whoever is about to spend one holds the lock, which other commands wait for.
 */
public final class Logins {
  private static final Duration PATIENCE = Duration.ofSeconds(45);
  private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();

  /** The system's lock of a file is one for the whole process, and does not wait for itself. */
  private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();

  private final Path file;

  public Logins(Path file) {
    this.file = file;
  }

  /** The login at a server, as it is on the disk now. */
  public Optional<Login> find(URI server) {
    return all().stream().filter(login -> login.server().equals(server)).findFirst();
  }

  /** Logs in, and ends the login that was there before. */
  public Login replace(OAuth oauth, URI server, Secret apiKey) {
    return lockedHere(
        () -> {
          Login login = oauth.login(server, apiKey);
          Optional<Login> before = find(server);
          put(login);
          before.ifPresent(old -> revoked(oauth, old));
          return login;
        });
  }

  /** Ends the login at a server, there and here; here in any case. */
  public Ended end(OAuth oauth, URI server) {
    return lockedHere(
        () -> {
          Optional<Login> login = find(server);
          if (login.isEmpty()) {
            return Ended.NO_LOGIN;
          }
          remove(server);
          return revoked(oauth, login.get()) ? Ended.REVOKED : Ended.ONLY_HERE;
        });
  }

  private <T> T lockedHere(Work<T> work) {
    try {
      return locked(work);
    } catch (IOException e) {
      throw new Refusal(Exit.USAGE, "cannot write " + file + ": " + e.getMessage());
    }
  }

  private static boolean revoked(OAuth oauth, Login login) {
    try {
      oauth.revoke(login);
      return true;
    } catch (IOException | ServerProblem | Refusal e) {
      return false;
    }
  }

  /** How a login ended. */
  public enum Ended {
    REVOKED,
    ONLY_HERE,
    NO_LOGIN
  }

  /** Does something that no other command does at the same time. */
  <T> T locked(Work<T> work) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    if (!tryLock()) {
      throw busy();
    }
    try {
      OwnerOnly.folder(file.getParent());
      try (FileChannel channel =
          OwnerOnly.file(file.resolveSibling(file.getFileName() + ".lock"))) {
        FileLock lock = channel.tryLock();
        while (lock == null && System.nanoTime() < deadline) {
          LockSupport.parkNanos(LOOK_NANOS);
          lock = channel.tryLock();
        }
        if (lock == null) {
          throw busy();
        }
        return work.run(); // closing the channel lets go of the lock
      }
    } finally {
      IN_THIS_PROCESS.unlock();
    }
  }

  private static boolean tryLock() throws IOException {
    try {
      return IN_THIS_PROCESS.tryLock(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private IOException busy() {
    return new IOException("another command has held the lock of " + file + " for too long");
  }

  /** Keeps a login in place of the one at its server. Only under the lock. */
  void put(Login login) throws IOException {
    List<Login> all = without(login.server());
    all.add(login);
    write(all);
  }

  /** Forgets the login at a server. Only under the lock. */
  void remove(URI server) throws IOException {
    write(without(server));
  }

  private List<Login> without(URI server) {
    List<Login> all = new ArrayList<>(all());
    all.removeIf(login -> login.server().equals(server));
    return all;
  }

  private void write(List<Login> all) throws IOException {
    OwnerFile.write(file, LoginCodec.write(all) + "\n");
  }

  private List<Login> all() {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      return LoginCodec.read(text());
    } catch (CodecException e) {
      throw new Refusal(
          Exit.USAGE, file + " cannot be read: delete it and log in again with: sluice login");
    }
  }

  private String text() {
    try {
      return new String(SmallFile.secret(file), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Refusal(Exit.USAGE, e.getMessage());
    }
  }

  /** What is done under the lock. */
  interface Work<T> {
    T run() throws IOException;
  }
}
