package io.sluice.folder;

import io.sluice.FileStore;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * A process that makes files until it is killed, and prints the name of each only after it was
 * made.
 */
final class WritingProcess {
  static final int BYTES = 300_000;

  private WritingProcess() {}

  /** The folder, and a name that no other process has. */
  public static void main(String[] arguments) {
    FileStore files = DiskFileStore.open(Path.of(arguments[0]), InstantSource.system());
    byte[] block = new byte[BYTES];
    for (int n = 0; ; n++) {
      String name = "made/" + arguments[1] + "/" + n;
      try (FileStore.Draft draft = files.create(name)) {
        draft.write(block, 0, BYTES);
        draft.commit();
      }
      System.out.println("made " + name);
    }
  }
}
