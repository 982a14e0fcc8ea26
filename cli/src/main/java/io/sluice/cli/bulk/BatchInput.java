package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The file of a batch.
 *
 * @param named where it is, or {@code -} for standard input
 * @param endpoint what its lines ask; else the first of them says it
 */
public record BatchInput(String named, Optional<String> endpoint, Duration window) {
  private static final String STDIN = "-";
  private static final int FIRST_LINE_MAX = 16 * 1024 * 1024;

  /** Sends it and begins. */
  public Exit begin(Course course, InputStream in) {
    try {
      return named.equals(STDIN) ? spooled(course, in) : begin(course, Path.of(named), named);
    } catch (IOException e) {
      throw new Refusal(Exit.USAGE, "cannot read " + named + ": " + ResultFile.reason(e));
    }
  }

  /** What comes from a pipe is kept for as long as it is sent, since it may be sent again. */
  private Exit spooled(Course course, InputStream in) throws IOException {
    Path kept = Files.createTempFile("sluice-batch", ".jsonl"); // for its owner alone
    try {
      Files.copy(in, kept, StandardCopyOption.REPLACE_EXISTING);
      return begin(course, kept, "stdin.jsonl");
    } finally {
      Files.deleteIfExists(kept);
    }
  }

  private Exit begin(Course course, Path file, String name) throws IOException {
    FoundDocument document = FoundDocument.of(file, Path.of(name).getFileName().toString());
    if (document.bytes() == 0) {
      throw new Refusal(Exit.USAGE, named + " is empty");
    }
    ObjectNode request = Json.object().put("endpoint", endpointOf(file));
    request.put("completion_window", window.toHours() + "h");
    return course.begin(request, List.of(document), !named.equals(STDIN));
  }

  private String endpointOf(Path file) throws IOException {
    return endpoint.isPresent() ? endpoint.get() : url(firstLine(file));
  }

  private static String url(String line) {
    try {
      String url = Json.parse(line).path("url").asText("");
      if (!url.isEmpty()) {
        return url;
      }
    } catch (CodecException e) {
      // Told below.
    }
    throw new Refusal(Exit.USAGE, "the first line says no url: say what is asked with --endpoint");
  }

  private static String firstLine(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      StringBuilder line = new StringBuilder();
      for (int c = reader.read(); c >= 0 && c != '\n' && line.length() < FIRST_LINE_MAX; ) {
        line.append((char) c);
        c = reader.read();
      }
      String text = line.toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
  }
}
