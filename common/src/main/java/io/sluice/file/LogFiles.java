package io.sluice.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of a folder. Each is named by the number of its first entry. */
final class LogFiles {
  private static final Pattern NAME = Pattern.compile("audit-([0-9]{16})\\.jsonl");

  private final Path folder;

  LogFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * @param first the number of its first entry, as its name says
   */
  record LogFile(Path path, long first) {
    String name() {
      return path.getFileName().toString();
    }
  }

  /** In the order of their entries; none where there is no folder. */
  List<LogFile> all() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(LogFiles::parse)
          .flatMap(Optional::stream)
          .sorted(java.util.Comparator.comparingLong(LogFile::first))
          .toList();
    }
  }

  /** The file that begins with this entry, whether it is there or not. */
  LogFile beginning(long seq) {
    return new LogFile(folder.resolve("audit-%016d.jsonl".formatted(seq)), seq);
  }

  /** Makes new and deleted names of the folder durable. */
  void sync() throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static Optional<LogFile> parse(Path path) {
    Matcher name = NAME.matcher(path.getFileName().toString());
    return name.matches()
        ? Optional.of(new LogFile(path, Long.parseLong(name.group(1))))
        : Optional.empty();
  }
}
