package io.sluice.folder;

import io.sluice.FileStore;
import io.sluice.Unavailable;
import java.nio.file.Path;
import java.time.InstantSource;

/** A process that adds to a journal until there is no more space. */
final class FillingProcess {
  static final int BYTES = 3_000;

  private FillingProcess() {}

  /** The folder. */
  public static void main(String[] arguments) {
    FileStore files = DiskFileStore.open(Path.of(arguments[0]), InstantSource.system());
    for (int n = 0; ; n++) {
      try {
        files.append("journal", new byte[BYTES]);
      } catch (Unavailable e) {
        System.out.println(e.part() + " after " + n);
        return;
      }
    }
  }
}
