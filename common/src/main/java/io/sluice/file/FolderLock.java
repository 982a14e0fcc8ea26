package io.sluice.file;

import io.sluice.disk.OwnerOnly;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The right to append to a folder, of one writer among all processes of the machine; the system
 * lets go of it when its process dies. Within a process a lock comes first, since closing any
 * channel of a file gives up the system's lock of the whole process.
 */
final class FolderLock implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final long PAUSE_NANOS = 500_000;

  /** Never emptied: a process has one or two folders. */
  private static final Map<Path, ReentrantLock> WITHIN = new ConcurrentHashMap<>();

  private final ReentrantLock within;
  private final FileChannel channel;

  private FolderLock(ReentrantLock within, FileChannel channel) {
    this.within = within;
    this.channel = channel;
  }

  /**
   * @throws IOException also if others hold it for longer than anybody should
   */
  static FolderLock take(Path folder) throws IOException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    ReentrantLock within =
        WITHIN.computeIfAbsent(folder.toAbsolutePath().normalize(), path -> new ReentrantLock());
    try {
      if (!within.tryLock(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
        throw held();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    FileChannel channel = null;
    try {
      channel = OwnerOnly.file(folder.resolve("lock"));
      await(channel, deadline);
      return new FolderLock(within, channel);
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      within.unlock();
      throw e;
    }
  }

  private static void await(FileChannel channel, long deadline) throws IOException {
    while (channel.tryLock() == null) {
      if (System.nanoTime() > deadline) {
        throw held();
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static IOException held() {
    return new IOException("another process has held its lock for " + LIMIT.toSeconds() + " s");
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      within.unlock();
    }
  }
}
