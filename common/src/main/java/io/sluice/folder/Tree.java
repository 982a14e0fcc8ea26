package io.sluice.folder;

import io.sluice.FileStore;
import io.sluice.disk.OwnerOnly;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.TreeSet;

/** The folders between the root and the files, made when they are needed and gone when empty. */
final class Tree {
  /** How often a folder may be removed, since it is empty, just before something is put in it. */
  private static final int TRIES = 20;

  private static final boolean SYNCS =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private final Path root;

  Tree(Path root) {
    this.root = root;
  }

  /** Where a file is, or would be; fails if a link leads there. */
  Path path(List<String> parts) throws IOException {
    Path path = root;
    for (String part : parts) {
      path = path.resolve(part);
      if (Files.isSymbolicLink(path)) {
        throw new IOException(path + " is a link");
      }
    }
    return path;
  }

  static boolean isFile(Path path) {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Makes an empty file, durable when it returns. */
  void begin(List<String> parts) throws IOException {
    put(
        parts,
        path -> {
          OwnerOnly.empty(path);
          return true;
        });
  }

  /** Puts something in its folder, which is made if it is not there; durable when it returns. */
  boolean put(List<String> parts, Placing placing) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        folder(parts.size() - 1, parts);
        Path path = path(parts);
        boolean placed = placing.at(path);
        sync(path.getParent());
        return placed;
      } catch (NoSuchFileException e) {
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private void folder(int depth, List<String> parts) throws IOException {
    Path path = path(parts.subList(0, depth));
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      folder(depth - 1, parts);
      OwnerOnly.folder(path);
      sync(path.getParent());
    }
  }

  /** Removes the folders that were above something, as far as they are empty. */
  void prune(List<String> parts) throws IOException {
    for (int depth = parts.size() - 1; depth > 0; depth--) {
      try {
        Files.deleteIfExists(path(parts.subList(0, depth)));
      } catch (DirectoryNotEmptyException e) {
        return;
      }
    }
  }

  /** The first names of a folder after one, in order; none where there is no folder. */
  List<String> names(Path folder, String after, int limit) throws IOException {
    TreeSet<String> first = new TreeSet<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path path : all) {
        String name = path.getFileName().toString();
        if (name.compareTo(after) > 0 && FileStore.isPart(name)) {
          first.add(name);
        }
        if (first.size() > limit) {
          first.removeLast();
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return List.copyOf(first);
  }

  /** Makes new and deleted names of a folder durable, also for a thread that was interrupted. */
  void sync(Path folder) throws IOException {
    boolean interrupted = false;
    try {
      for (boolean done = !SYNCS; !done; ) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
          channel.force(true);
          done = true;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        } catch (NoSuchFileException e) {
          done = true; // another found it empty and removed it
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What is done at a path whose folder is there, and whether it was. */
  interface Placing {
    boolean at(Path path) throws IOException;
  }
}
