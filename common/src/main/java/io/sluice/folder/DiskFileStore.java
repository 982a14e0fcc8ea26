package io.sluice.folder;

import io.sluice.FileStore;
import io.sluice.Unavailable;
import io.sluice.disk.OwnerOnly;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The files of a folder, which may be on a volume that several machines share: a name is the path
 * below it. What is not yet a file, or no longer one, is in a hidden folder within, so that it is
 * on the same file system; see {@link Hidden}. Everything is for its owner alone. Links within the
 * folder are not followed.
 */
public final class DiskFileStore implements FileStore {
  private static final String PART = "files";

  private final Tree tree;
  private final Hidden hidden;

  private DiskFileStore(Tree tree, Hidden hidden) {
    this.tree = tree;
    this.hidden = hidden;
  }

  /**
   * Makes the folder where there is none.
   *
   * @throws UncheckedIOException with a sentence for a person, if files cannot be kept there
   */
  public static DiskFileStore open(Path folder, InstantSource clock) {
    try {
      Path root = OwnerOnly.folder(folder.toAbsolutePath()).toRealPath();
      Hidden hidden = new Hidden(root.resolve(".hidden"), clock);
      hidden.tryOut();
      return new DiskFileStore(new Tree(root), hidden);
    } catch (IOException e) {
      throw new UncheckedIOException("files cannot be kept in " + folder + ": " + e, e);
    }
  }

  @Override
  public Draft create(String name) {
    List<String> parts = FileStore.parts(name);
    return call(() -> new DiskDraft(tree, parts, hidden.fresh()));
  }

  @Override
  public Optional<Content> read(String name, long offset) {
    List<String> parts = FileStore.parts(name);
    if (offset < 0) {
      throw new IllegalArgumentException("an offset is not negative: " + offset);
    }
    return call(
        () -> {
          try {
            return Tree.isFile(tree.path(parts))
                ? Optional.of(content(tree.path(parts), offset))
                : Optional.empty();
          } catch (NoSuchFileException e) {
            return Optional.empty();
          }
        });
  }

  private static Content content(Path file, long offset) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try {
      long bytes = channel.size();
      channel.position(offset);
      InputStream stream = Channels.newInputStream(channel);
      return new Content(bytes, stream);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public List<Entry> list(String folder, String after, int limit) {
    List<String> parts = FileStore.parts(folder);
    if (limit < 1) {
      throw new IllegalArgumentException("a limit is at least 1: " + limit);
    }
    return call(
        () -> {
          Path path = tree.path(parts);
          return tree.names(path, after, limit).stream()
              .flatMap(name -> entry(path.resolve(name)).stream())
              .toList();
        });
  }

  /** Nothing for what went away meanwhile. */
  private static Optional<Entry> entry(Path path) {
    try {
      BasicFileAttributes facts =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      String name = path.getFileName().toString();
      return facts.isDirectory()
          ? Optional.of(new Entry(name, true, 0))
          : Optional.of(new Entry(name, false, facts.size())).filter(it -> facts.isRegularFile());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean delete(String name) {
    List<String> parts = FileStore.parts(name);
    return call(
        () -> {
          Path path = tree.path(parts);
          if (!hidden.take(path)) {
            return false;
          }
          tree.sync(path.getParent());
          tree.prune(parts);
          return true;
        });
  }

  static <T> T call(Call<T> call) {
    try {
      return call.run();
    } catch (IOException e) {
      throw new Unavailable(PART, e.toString(), e);
    }
  }

  /** Something that touches the disk. */
  interface Call<T> {
    T run() throws IOException;
  }
}
