package io.sluice.gateway.files;

import io.sluice.FileStore;
import io.sluice.Unavailable;
import io.sluice.gateway.files.StoredFile.Terms;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/** A file that is being written; nobody sees it before its commit. Used by one thread at a time. */
public final class FileDraft implements Closeable {
  private final Files files;
  private final FileStore store;
  private final String tenant;
  private final FileId id;
  private final InstantSource clock;
  private final FileStore.Draft draft;
  private final MessageDigest digest = sha256();
  private long bytes;

  FileDraft(Files files, FileStore store, String tenant, FileId id, InstantSource clock) {
    this.files = files;
    this.store = store;
    this.tenant = tenant;
    this.id = id;
    this.clock = clock;
    this.draft = store.create(Places.content(tenant, id));
  }

  public FileId id() {
    return id;
  }

  /** How many bytes were written. */
  public long bytes() {
    return bytes;
  }

  public void write(byte[] some, int offset, int length) {
    draft.write(some, offset, length);
    digest.update(some, offset, length);
    bytes += length;
  }

  /**
   * Makes it a file, durable when it returns.
   *
   * @return the file of this id, which is another's if that was committed first
   */
  public StoredFile commit(Terms terms) {
    StoredFile file =
        draft.commit()
            ? file(terms, bytes, HexFormat.of().formatHex(digest.digest()))
            : ofContent(terms);
    terms
        .expiresAt()
        .ifPresent(at -> files.write(Places.expiring(Places.hour(at), tenant, id), new byte[0]));
    return files.write(Places.facts(tenant, id), StoredFileCodec.write(file))
        ? file
        : files.facts(tenant, id).orElse(file);
  }

  private StoredFile file(Terms terms, long size, String sum) {
    return new StoredFile(
        id, tenant, terms, size, sum, clock.instant().truncatedTo(ChronoUnit.SECONDS));
  }

  /** Whoever wrote it may have died before it was told of. */
  private StoredFile ofContent(Terms terms) {
    try (FileStore.Content content =
            store
                .read(Places.content(tenant, id), 0)
                .orElseThrow(() -> new Unavailable("files", "what was just there is gone"));
        DigestInputStream in = new DigestInputStream(content.stream(), sha256())) {
      in.transferTo(OutputStream.nullOutputStream());
      return file(terms, content.bytes(), HexFormat.of().formatHex(in.getMessageDigest().digest()));
    } catch (IOException e) {
      throw new Unavailable("files", e.toString());
    }
  }

  /** Forgets what was not committed; harmless after a commit. */
  @Override
  public void close() {
    draft.close();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
