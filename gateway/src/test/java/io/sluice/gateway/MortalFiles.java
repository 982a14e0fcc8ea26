package io.sluice.gateway;

import io.sluice.FileStore;
import io.sluice.Unavailable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A gateway's way to files that outlive it, which ends after so many changes: what it does from
 * then on comes to nothing, as if it was killed there.
 */
final class MortalFiles implements FileStore {
  private final FileStore real;
  private final AtomicInteger left;

  MortalFiles(FileStore real, int changes) {
    this.real = real;
    this.left = new AtomicInteger(changes);
  }

  boolean isDead() {
    return left.get() <= 0;
  }

  private void change() {
    if (left.getAndDecrement() <= 0) {
      throw new Unavailable("files", "killed by the test");
    }
  }

  private void look() {
    if (isDead()) {
      throw new Unavailable("files", "killed by the test");
    }
  }

  @Override
  public Draft create(String name) {
    look();
    Draft draft = real.create(name);
    return new Draft() {
      @Override
      public void write(byte[] bytes, int offset, int length) {
        look();
        draft.write(bytes, offset, length);
      }

      @Override
      public boolean commit() {
        change();
        return draft.commit();
      }

      @Override
      public void close() {
        draft.close();
      }
    };
  }

  @Override
  public Optional<Content> read(String name, long offset) {
    look();
    return real.read(name, offset);
  }

  @Override
  public List<Entry> list(String folder, String after, int limit) {
    look();
    return real.list(folder, after, limit);
  }

  @Override
  public boolean delete(String name) {
    change();
    return real.delete(name);
  }
}
