package io.sluice.documents.corpus;

import io.sluice.TextExtraction;
import io.sluice.TextExtraction.Bounds;
import io.sluice.TextExtraction.Extracted;
import io.sluice.TextExtraction.Extraction;
import io.sluice.TextExtraction.Refused;
import io.sluice.documents.ReaderProcesses;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Extracts a folder of documents, and says how many a second: {@code FOLDER [PROCESSES]}. */
public final class SpeedMain {
  private static final Bounds BOUNDS = new Bounds(200L << 20, 20_000_000, Duration.ofSeconds(30));

  private SpeedMain() {}

  public static void main(String[] arguments) throws Exception {
    int processes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2;
    ReaderProcesses.Settings settings =
        new ReaderProcesses.Settings(
            processes, 256L << 20, Duration.ofSeconds(30), Duration.ofMinutes(1));
    try (ReaderProcesses readers = new ReaderProcesses(settings, InstantSource.system());
        Stream<Path> files = Files.list(Path.of(arguments[0]))) {
      Map<String, List<Path>> kinds =
          files
              .sorted()
              .collect(Collectors.groupingBy(SpeedMain::kind, TreeMap::new, Collectors.toList()));
      for (Map.Entry<String, List<Path>> kind : kinds.entrySet()) {
        measure(kind.getKey(), kind.getValue(), readers);
      }
    }
  }

  private static String kind(Path file) {
    String name = file.toString();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static void measure(String kind, List<Path> files, TextExtraction readers) {
    long started = System.nanoTime();
    List<Extraction> endings = files.parallelStream().map(file -> extract(file, readers)).toList();
    double seconds = (System.nanoTime() - started) / 1e9;
    long characters =
        endings.stream()
            .mapToLong(ending -> ending instanceof Extracted text ? text.text().length() : 0)
            .sum();
    System.out.printf(
        "%-5s %5d documents  %6.0f a second  %5.1f million characters a second  %s%n",
        kind, files.size(), files.size() / seconds, characters / seconds / 1e6, refusals(endings));
  }

  private static Map<String, Long> refusals(List<Extraction> endings) {
    return endings.stream()
        .filter(Refused.class::isInstance)
        .map(ending -> ((Refused) ending).reason().code())
        .collect(Collectors.groupingBy(code -> code, TreeMap::new, Collectors.counting()));
  }

  private static Extraction extract(Path file, TextExtraction readers) {
    try (InputStream in = Files.newInputStream(file)) {
      Extraction ending = readers.extract(in, file.getFileName().toString(), BOUNDS);
      if (ending instanceof Refused refused) {
        System.err.println(file.getFileName() + ": " + refused.message());
      }
      return ending;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
