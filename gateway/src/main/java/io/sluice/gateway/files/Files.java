package io.sluice.gateway.files;

import io.sluice.FileStore;
import io.sluice.Unavailable;
import io.sluice.gateway.files.StoredFile.Terms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The files of tenants. Every call blocks, so never on an event loop; safe from any thread, and
 * among gateways. Fails with {@link Unavailable} while the store is away.
 */
public final class Files {
  private final FileStore store;
  private final InstantSource clock;

  public Files(FileStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** What came of a wish to delete a file. */
  public enum Deletion {
    DELETED,
    ABSENT,

    /** Somebody has pinned it. */
    IN_USE
  }

  /** The file of this id, if it is the tenant's and has not expired. */
  public Optional<StoredFile> find(String tenant, String id) {
    return FileId.isValid(id)
        ? facts(tenant, new FileId(id)).filter(file -> !file.isExpired(clock.instant()))
        : Optional.empty();
  }

  /**
   * The bytes of a file from an offset on; the caller closes them. Empty if it is gone: also one
   * that has expired can be read while it is pinned.
   */
  public Optional<FileStore.Content> open(String tenant, FileId id, long offset) {
    return store.read(Places.content(tenant, id), offset);
  }

  public Optional<FileStore.Content> open(StoredFile file, long offset) {
    return open(file.tenant(), file.id(), offset);
  }

  /** Begins a file with an id of its own. */
  public FileDraft create(String tenant) {
    return create(tenant, FileId.at(clock.instant()));
  }

  /** Begins a file of this id: it is made once, however often and by whomever it is tried. */
  public FileDraft create(String tenant, FileId id) {
    return new FileDraft(this, store, tenant, id, clock);
  }

  /** A whole small file. */
  public StoredFile create(String tenant, Terms terms, byte[] bytes) {
    try (FileDraft draft = create(tenant)) {
      draft.write(bytes, 0, bytes.length);
      return draft.commit(terms);
    }
  }

  /**
   * The newest files of a tenant that have not expired, newest first, or the oldest.
   *
   * @param after only those behind the one of this id in that order
   */
  List<StoredFile> list(
      String tenant,
      Optional<FileId> after,
      int limit,
      boolean newestFirst,
      Predicate<StoredFile> wanted) {
    Instant now = clock.instant();
    List<String> names =
        Places.names(store, Places.facts(tenant)).stream().filter(FileId::isValid).toList();
    List<StoredFile> page = new ArrayList<>();
    for (String name : newestFirst ? names.reversed() : names) {
      int order = after.map(it -> name.compareTo(it.value())).orElse(newestFirst ? -1 : 1);
      if (page.size() < limit && (newestFirst ? order < 0 : order > 0)) {
        facts(tenant, new FileId(name))
            .filter(file -> !file.isExpired(now))
            .filter(wanted)
            .ifPresent(page::add);
      }
    }
    return page;
  }

  /** Deletes a file, unless somebody has pinned it. */
  public Deletion delete(String tenant, FileId id) {
    Optional<StoredFile> file = facts(tenant, id);
    if (file.isEmpty()) {
      return Deletion.ABSENT;
    }
    if (isPinned(tenant, id)) {
      return Deletion.IN_USE;
    }
    boolean deleted = store.delete(Places.facts(tenant, id));
    if (isPinned(tenant, id)) {
      // Just now, by somebody who may have seen it: it is there again, as it was.
      write(Places.facts(tenant, id), StoredFileCodec.write(file.get()));
      return Deletion.IN_USE;
    }
    store.delete(Places.content(tenant, id));
    return deleted ? Deletion.DELETED : Deletion.ABSENT;
  }

  /**
   * Keeps a file from being deleted and its bytes from going with its expiry, until it is unpinned
   * or that time has come.
   *
   * @param by who pins it, 1 to 200 characters of a name in a {@link FileStore}
   * @return whether it is there, and pinned
   */
  public boolean pin(StoredFile file, String by, Instant until) {
    String pin = Places.pins(file.tenant(), file.id()) + "/" + by;
    write(pin, until.toString().getBytes(StandardCharsets.US_ASCII));
    if (facts(file.tenant(), file.id()).isPresent()) {
      return true;
    }
    store.delete(pin);
    return false;
  }

  /** Lets go of it; harmless where nothing was pinned. */
  public void unpin(String tenant, FileId id, String by) {
    store.delete(Places.pins(tenant, id) + "/" + by);
  }

  boolean isPinned(String tenant, FileId id) {
    String folder = Places.pins(tenant, id);
    Instant now = clock.instant();
    return Places.names(store, folder).stream()
        .flatMap(name -> bytes(folder + "/" + name).stream())
        .map(until -> Instant.parse(new String(until, StandardCharsets.US_ASCII)))
        .anyMatch(now::isBefore);
  }

  /** Also of a file that has expired and not been swept yet. */
  Optional<StoredFile> facts(String tenant, FileId id) {
    return bytes(Places.facts(tenant, id))
        .flatMap(StoredFileCodec::read)
        .filter(file -> file.tenant().equals(tenant));
  }

  private Optional<byte[]> bytes(String name) {
    return store
        .read(name, 0)
        .map(
            content -> {
              try (content) {
                return content.stream().readAllBytes();
              } catch (IOException e) {
                throw new Unavailable("files", e.toString());
              }
            });
  }

  boolean write(String name, byte[] bytes) {
    try (FileStore.Draft draft = store.create(name)) {
      draft.write(bytes, 0, bytes.length);
      return draft.commit();
    }
  }
}
