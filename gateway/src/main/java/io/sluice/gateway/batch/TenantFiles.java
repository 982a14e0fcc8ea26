package io.sluice.gateway.batch;

import io.sluice.FileStore;
import io.sluice.gateway.files.FileDraft;
import io.sluice.gateway.files.FileId;
import io.sluice.gateway.files.Files;
import io.sluice.gateway.files.Purpose;
import io.sluice.gateway.files.StoredFile;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

/** Those that tenants see at {@code /v1/files}. */
record TenantFiles(Files files) implements BatchFiles {
  /** What is still to be done when a window has ended is done within this. */
  private static final Duration AFTER_WINDOW = Duration.ofDays(1);

  @Override
  public boolean pin(Batch batch) {
    return files
        .find(batch.tenant(), batch.inputFileId())
        .filter(file -> file.terms().purpose() == Purpose.BATCH)
        .filter(file -> files.pin(file, name(batch), batch.expiresAt().plus(AFTER_WINDOW)))
        .isPresent();
  }

  @Override
  public void unpin(Batch batch) {
    files.unpin(batch.tenant(), new FileId(batch.inputFileId()), name(batch));
  }

  private static String name(Batch batch) {
    return batch.id().value();
  }

  @Override
  public Optional<InputStream> open(String tenant, String id, long offset) {
    return files.open(tenant, new FileId(id), offset).map(FileStore.Content::stream);
  }

  @Override
  public FileStore.Draft create(Made made) {
    FileDraft draft = files.create(made.tenant(), new FileId(made.id()));
    StoredFile.Terms terms =
        new StoredFile.Terms(made.filename(), Purpose.BATCH_OUTPUT, Optional.of(made.expiresAt()));
    return new FileStore.Draft() {
      @Override
      public void write(byte[] bytes, int offset, int length) {
        draft.write(bytes, offset, length);
      }

      @Override
      public boolean commit() {
        draft.commit(terms);
        return true;
      }

      @Override
      public void close() {
        draft.close();
      }
    };
  }
}
