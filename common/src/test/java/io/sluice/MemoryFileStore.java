package io.sluice;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Files in memory, for tests of what stands on them. A test may take them away for a while. */
public final class MemoryFileStore implements FileStore {
  private final NavigableMap<String, byte[]> files = new ConcurrentSkipListMap<>();
  private volatile boolean away;

  /** Fails from now on, or no longer. */
  public void away(boolean isAway) {
    away = isAway;
  }

  /** The names of all files. */
  public List<String> names() {
    return List.copyOf(files.keySet());
  }

  @Override
  public Draft create(String name) {
    check(name);
    return new Open(name);
  }

  @Override
  public Optional<Content> read(String name, long offset) {
    check(name);
    if (offset < 0) {
      throw new IllegalArgumentException("an offset is not negative");
    }
    return Optional.ofNullable(files.get(name))
        .map(
            bytes -> {
              ByteArrayInputStream stream = new ByteArrayInputStream(bytes);
              stream.skip(offset);
              return new Content(bytes.length, stream);
            });
  }

  @Override
  public List<Entry> list(String folder, String after, int limit) {
    check(folder);
    if (limit < 1) {
      throw new IllegalArgumentException("a limit is at least 1");
    }
    String prefix = folder + "/";
    Map<String, Entry> entries = new java.util.TreeMap<>();
    new LinkedHashMap<>(files.tailMap(prefix))
        .forEach(
            (name, bytes) -> {
              if (name.startsWith(prefix)) {
                String rest = name.substring(prefix.length());
                int slash = rest.indexOf('/');
                String part = slash < 0 ? rest : rest.substring(0, slash);
                entries.putIfAbsent(
                    part,
                    slash < 0 ? new Entry(part, false, bytes.length) : new Entry(part, true, 0));
              }
            });
    return entries.values().stream()
        .filter(entry -> entry.name().compareTo(after) > 0)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized boolean delete(String name) {
    check(name);
    boolean file = files.remove(name) != null;
    return files.keySet().removeIf(one -> one.startsWith(name + "/")) || file;
  }

  private void check(String name) {
    FileStore.parts(name);
    if (away) {
      throw new Unavailable("files", "taken away by the test");
    }
  }

  /** Bytes that are no file yet. */
  private final class Open implements Draft {
    private final String name;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Open(String name) {
      this.name = name;
    }

    @Override
    public void write(byte[] more, int offset, int length) {
      check(name);
      bytes.write(more, offset, length);
    }

    @Override
    public boolean commit() {
      check(name);
      synchronized (MemoryFileStore.this) {
        return list(name, "", 1).isEmpty() && files.putIfAbsent(name, bytes.toByteArray()) == null;
      }
    }

    @Override
    public void close() {}
  }
}
