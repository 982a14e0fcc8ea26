package io.sluice.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** A folder of jobs: one that was named, or a temporary one that goes away with its closing. */
record Folder(Path path, boolean temporary) implements AutoCloseable {
  static Folder of(Optional<Path> named) throws IOException {
    return named.isPresent()
        ? new Folder(named.get().toAbsolutePath(), false)
        : new Folder(Files.createTempDirectory("sluice-"), true);
  }

  @Override
  public void close() {
    if (!temporary) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LoggerFactory.getLogger(Folder.class).warn("{} is left behind: {}", path, e.toString());
    }
  }
}
