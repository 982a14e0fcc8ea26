package io.sluice.documents;

import io.sluice.documents.reading.ReadingMain;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a reading process is started: this Java, this class path, little memory, a lower priority,
 * and nothing of the server's environment. Where there is a shell, the kernel bounds it too.
 */
final class ReaderCommand {
  private static final Path SHELL = Path.of("/bin/sh");

  /** What a virtual machine maps besides its heap, most of it never touched. */
  private static final long MAPPED_BYTES = 4L << 30;

  /** The processor time of a process that nobody ends; the pool ends it long before. */
  private static final int CPU_SECONDS = 3_600;

  /** Of 512 bytes: the largest document, or what it unpacks to. */
  private static final long FILE_BLOCKS = (1L << 30) / 512;

  private ReaderCommand() {}

  /**
   * @param folder the process's own, where its temporary files are
   */
  static ProcessBuilder of(long heapBytes, Path folder) {
    List<String> words = new ArrayList<>();
    if (Files.isExecutable(SHELL)) {
      words.addAll(List.of(SHELL.toString(), "-c", bounds(heapBytes), "sh"));
    }
    words.addAll(java(heapBytes, folder));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().clear();
    // Where memory is mapped by thread, a bound on it is soon reached.
    builder.environment().putAll(Map.of("LC_ALL", "C.UTF-8", "MALLOC_ARENA_MAX", "2"));
    return builder.directory(folder.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  /** A bound that a system does not know is left out there. */
  private static String bounds(long heapBytes) {
    long mappedKib = (heapBytes + MAPPED_BYTES) >> 10;
    return "ulimit -c 0; ulimit -f %d; ulimit -t %d; ulimit -v %d; "
            .formatted(FILE_BLOCKS, CPU_SECONDS, mappedKib)
            .replace("; ", " 2>/dev/null; ")
        + "if command -v nice >/dev/null 2>&1; then exec nice -n 5 \"$@\"; else exec \"$@\"; fi";
  }

  private static List<String> java(long heapBytes, Path folder) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx" + heapBytes,
        "-XX:+ExitOnOutOfMemoryError",
        // What it says at its end would else be among the answers.
        "-XX:+DisplayVMOutputToStderr",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:MaxMetaspaceSize=128m",
        "-XX:MaxDirectMemorySize=16m",
        "-XX:ReservedCodeCacheSize=64m",
        "-XX:CompressedClassSpaceSize=64m",
        "-XX:-UsePerfData",
        "-XX:+DisableAttachMechanism",
        "-XX:ErrorFile=/dev/null",
        "-Xshare:auto",
        "-Djava.awt.headless=true",
        "-Djava.io.tmpdir=" + folder,
        // Libraries tell of every oddity of a document; nobody would read it.
        "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider",
        "-cp",
        absoluteClassPath(),
        ReadingMain.class.getName());
  }

  /** The process works in another folder, so nothing may be named from this one. */
  private static String absoluteClassPath() {
    String separator = System.getProperty("path.separator");
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(separator)) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(separator, entries);
  }
}
