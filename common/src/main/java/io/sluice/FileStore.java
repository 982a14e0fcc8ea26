package io.sluice;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Files that outlive every process: what clients upload, and what batches and pipelines have got so
 * far. One place for all gateways; a file is whole or not there, and never changes.
 *
 * <p>A name is one to eight parts joined by {@code /}, each of 1 to 200 characters of {@code a-z
 * A-Z 0-9 . _ -} that does not begin with a dot; anything else is an {@link
 * IllegalArgumentException}. Folders are there as soon as something is in them.
 *
 * <p>Every call blocks, and may take as long as a disk or a network does: never call it on an event
 * loop. Safe from any thread. Fails with {@link Unavailable} while the place cannot be reached, or
 * is full.
 */
public interface FileStore {
  /** What a part of a name is made of. */
  Pattern PART = Pattern.compile("[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,199}");

  /** Begins a file. Nobody sees anything of it before {@link Draft#commit}. */
  Draft create(String name);

  /** The file from an offset on; empty if there is none. An offset past the end reads nothing. */
  Optional<Content> read(String name, long offset);

  /**
   * What is directly in a folder, files and folders alike, in the order of their last parts by
   * Unicode values.
   *
   * @param after only those whose last part is greater than this; all with an empty text
   * @param limit the most that are wanted, at least 1
   */
  List<Entry> list(String folder, String after, int limit);

  /** Removes a file, or a folder with all that is in it, and says whether there was one. */
  boolean delete(String name);

  /**
   * The parts of a name.
   *
   * @throws IllegalArgumentException if it is none
   */
  static List<String> parts(String name) {
    List<String> parts = List.of(name.split("/", -1));
    if (parts.size() > 8 || !parts.stream().allMatch(FileStore::isPart)) {
      throw new IllegalArgumentException("no name of a file: " + name);
    }
    return parts;
  }

  /** Whether a text may be a part of a name. */
  static boolean isPart(String text) {
    return PART.matcher(text).matches();
  }

  /** A file that is being written. Used by one thread at a time. */
  interface Draft extends Closeable {
    void write(byte[] bytes, int offset, int length);

    /**
     * Makes it a file, durable when it returns.
     *
     * @return false if there is a file of that name: it stays as it is, and this one is gone
     */
    boolean commit();

    /** Forgets what was not committed; harmless after a commit. */
    @Override
    void close();
  }

  /**
   * A file that is read.
   *
   * @param bytes of the whole file when it was opened
   * @param stream of what is left of it after the offset; the caller closes it
   */
  record Content(long bytes, InputStream stream) implements Closeable {
    @Override
    public void close() {
      try {
        stream.close();
      } catch (IOException e) {
        throw new Unavailable("files", e.toString());
      }
    }
  }

  /**
   * Something in a folder.
   *
   * @param name the last part of its name
   * @param bytes of a file; 0 for a folder
   */
  record Entry(String name, boolean isFolder, long bytes) {}
}
