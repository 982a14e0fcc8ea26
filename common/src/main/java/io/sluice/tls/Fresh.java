package io.sluice.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something made from files, made anew when they have changed. Where that fails the old one is kept
 * and the log says why, once per change. Looks at most once a second. Safe from any thread.
 */
final class Fresh<T> implements Supplier<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Fresh.class);
  private static final long LOOK_NANOS = 1_000_000_000L;

  private final List<Path> files;
  private final Supplier<T> reading;
  private T value;
  private List<String> stamps;
  private long lookedAt;

  /** Reads at once, so that what is wrong from the start is told there. */
  Fresh(List<Path> files, Supplier<T> reading) {
    this.files = List.copyOf(files);
    this.reading = reading;
    this.stamps = stamps();
    this.value = reading.get();
    this.lookedAt = System.nanoTime();
  }

  @Override
  public synchronized T get() {
    if (System.nanoTime() - lookedAt >= LOOK_NANOS) {
      lookedAt = System.nanoTime();
      look();
    }
    return value;
  }

  private void look() {
    List<String> now = stamps();
    if (now.equals(stamps)) {
      return;
    }
    stamps = now;
    try {
      value = reading.get();
      LOG.info("{} changed and was read anew", files);
    } catch (IllegalArgumentException e) {
      LOG.warn("what was read before stays in use: {}", e.getMessage());
    }
  }

  private List<String> stamps() {
    return files.stream().map(Fresh::stamp).toList();
  }

  private static String stamp(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return now.lastModifiedTime() + " " + now.size() + " " + now.fileKey();
    } catch (IOException e) {
      return "missing";
    }
  }
}
