package io.sluice.folder;

import io.sluice.disk.OwnerOnly;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of drafts, and of what is being deleted. What a process left there when it died goes
 * after a day, seen by whoever makes a draft.
 */
final class Hidden {
  private static final Logger LOG = LoggerFactory.getLogger(Hidden.class);
  private static final Duration STALE = Duration.ofDays(1);
  private static final Duration LOOK = Duration.ofHours(1);

  private final Path folder;
  private final InstantSource clock;
  private final AtomicLong nextLookMillis = new AtomicLong();

  Hidden(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** Fails where drafts could not become files, such as on a file system without hard links. */
  void tryOut() throws IOException {
    Path draft = fresh();
    Path link = folder.resolve(name());
    try {
      Files.createLink(link, draft);
    } catch (UnsupportedOperationException e) {
      throw new IOException("its file system has no hard links", e);
    } finally {
      Files.deleteIfExists(link);
      Files.deleteIfExists(draft);
    }
  }

  /** A new empty file. */
  Path fresh() throws IOException {
    OwnerOnly.folder(folder);
    sweep();
    return OwnerOnly.empty(folder.resolve(name()));
  }

  /** Deletes a file or folder, at one stroke for everybody who looks; false if it is not there. */
  boolean take(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    Path taken = OwnerOnly.folder(folder).resolve(name());
    try {
      Files.move(path, taken, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return false;
    }
    deleteAll(taken);
    return true;
  }

  private void sweep() {
    long now = clock.millis();
    long due = nextLookMillis.get();
    if (now < due || !nextLookMillis.compareAndSet(due, now + LOOK.toMillis())) {
      return;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path path : all) {
        if (isStale(path, now)) {
          deleteAll(path);
        }
      }
    } catch (DirectoryIteratorException | IOException e) {
      LOG.warn("what is left of old drafts stays in {}: {}", folder, e.toString());
    }
  }

  private static boolean isStale(Path path, long now) throws IOException {
    try {
      return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toMillis()
          < now - STALE.toMillis();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Others may be at the same. */
  private static void deleteAll(Path path) throws IOException {
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes facts)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static String name() {
    return UUID.randomUUID().toString();
  }
}
