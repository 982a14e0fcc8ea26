package io.sluice.folder;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.FileStore;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * A process that makes files and adds to a journal until it is killed, and prints each thing only
 * after it was done.
 */
final class WritingProcess {
  static final int BYTES = 300_000;

  private WritingProcess() {}

  /** The folder, and a name that no other process has. */
  public static void main(String[] arguments) {
    FileStore files = DiskFileStore.open(Path.of(arguments[0]), InstantSource.system());
    Thread.ofPlatform().start(() -> append(files, arguments[1]));
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

  private static void append(FileStore files, String name) {
    for (int n = 0; ; n++) {
      files.append("journal-" + name, line(n).getBytes(UTF_8));
      System.out.println("added " + n);
    }
  }

  static String line(int n) {
    return n + ":" + "x".repeat(n * 37 % 20_000) + "\n";
  }
}
