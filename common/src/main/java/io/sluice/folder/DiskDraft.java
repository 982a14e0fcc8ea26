package io.sluice.folder;

import io.sluice.FileStore;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file with a hidden name, which gets its own by a link: unlike a move, it never replaces what
 * another has just made, here or on another machine.
 */
final class DiskDraft implements FileStore.Draft {
  private final Tree tree;
  private final List<String> name;
  private final Path path;
  private final FileOutputStream out;

  DiskDraft(Tree tree, List<String> name, Path path) throws IOException {
    this.tree = tree;
    this.name = name;
    this.path = path;
    this.out = new FileOutputStream(path.toFile());
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    DiskFileStore.call(
        () -> {
          out.write(bytes, offset, length);
          return null;
        });
  }

  @Override
  public boolean commit() {
    return DiskFileStore.call(
        () -> {
          try {
            out.getFD().sync();
            return tree.put(name, this::link);
          } finally {
            end();
          }
        });
  }

  /** A volume over a network may have done it and lost the answer, and then been asked again. */
  private boolean link(Path file) throws IOException {
    try {
      Files.createLink(file, path);
      return true;
    } catch (FileAlreadyExistsException e) {
      return Files.isSameFile(file, path);
    }
  }

  @Override
  public void close() {
    DiskFileStore.call(
        () -> {
          end();
          return null;
        });
  }

  private void end() throws IOException {
    out.close();
    Files.deleteIfExists(path);
  }
}
