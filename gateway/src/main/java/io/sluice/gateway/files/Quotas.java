package io.sluice.gateway.files;

import io.sluice.FileStore;
import io.sluice.gateway.problem.ProblemCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How much tenants keep. What is in the store is looked up every {@link #LOOK}, so among gateways a
 * bound holds to what they take in within that time; what this gateway has under way is counted
 * byte by byte. Blocks; safe from any thread.
 */
final class Quotas {
  private static final Duration LOOK = Duration.ofSeconds(30);

  private final FileStore store;
  private final FilesConfig config;
  private final Map<String, Use> uses = new ConcurrentHashMap<>();

  Quotas(FileStore store, FilesConfig config) {
    this.store = store;
    this.config = config;
  }

  /** The place of one file that is coming; refuses where there is none. */
  Claim claim(String tenant) {
    Claim claim = new Claim(uses.computeIfAbsent(tenant, Use::new));
    claim.use.take(0, 1);
    return claim;
  }

  /** What one file takes up. Used by one thread. */
  final class Claim implements AutoCloseable {
    private final Use use;
    private long bytes;
    private boolean kept;

    private Claim(Use use) {
      this.use = use;
    }

    /** Refuses where there is no room for so many bytes more. */
    void take(long more) {
      use.take(more, 0);
      bytes += more;
    }

    /** It has become a file. */
    void keep() {
      kept = true;
    }

    @Override
    public void close() {
      use.settle(bytes, kept);
    }
  }

  /** Of one tenant. */
  private final class Use {
    private final String tenant;
    private long bytes;
    private long files;
    private long comingBytes;
    private long comingFiles;
    private long lookedAt = System.nanoTime() - LOOK.toNanos();

    private Use(String tenant) {
      this.tenant = tenant;
    }

    private synchronized void take(long moreBytes, long moreFiles) {
      if (System.nanoTime() - lookedAt >= LOOK.toNanos() || !fits(moreBytes, moreFiles)) {
        look();
      }
      if (!fits(moreBytes, moreFiles)) {
        throw refusal();
      }
      comingBytes += moreBytes;
      comingFiles += moreFiles;
    }

    private boolean fits(long moreBytes, long moreFiles) {
      return bytes + comingBytes + moreBytes <= config.tenantBytesMax()
          && files + comingFiles + moreFiles <= config.tenantFilesMax();
    }

    private void look() {
      List<FileStore.Entry> all = store.list(Places.contents(tenant), "", Places.ALL);
      bytes = all.stream().mapToLong(FileStore.Entry::bytes).sum();
      files = all.size();
      lookedAt = System.nanoTime();
    }

    private synchronized void settle(long taken, boolean kept) {
      comingBytes -= taken;
      comingFiles--;
      if (kept) {
        bytes += taken;
        files++;
      }
    }

    private RuntimeException refusal() {
      return ProblemCode.STORAGE_QUOTA_EXCEEDED
          .with(
              "Your files may be %d with %d bytes: delete some."
                  .formatted(config.tenantFilesMax(), config.tenantBytesMax()))
          .closing()
          .refusal();
    }
  }
}
