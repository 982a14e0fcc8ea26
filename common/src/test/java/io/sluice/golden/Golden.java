package io.sluice.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What versions of Sluice wrote, kept as files: {@code golden/VERSION/NAME}. This version writes
 * what the newest of them says, and reads all of them.
 *
 * <p>When a form changes on purpose, what was written before stays as it is, and what is written
 * now becomes a file of the next version; the failing test leaves it under {@code target/golden}.
 * The files of a version that was never released are replaced instead.
 */
public final class Golden {
  /** Oldest first. A version has only the files of forms that changed with it. */
  public static final List<String> VERSIONS = List.of("0.1");

  private Golden() {}

  /** This is what the newest version that has this file wrote. */
  public static void assertWritten(String name, String text) {
    Optional<String> newest = all(name).stream().reduce((older, newer) -> newer);
    if (!newest.equals(Optional.of(text))) {
      keep(name, text);
    }
    assertThat(firstChange(newest.orElse(""), text))
        .as("%s: what is written has changed; see what Golden says, and target/golden", name)
        .isEmpty();
  }

  /** The first line that is another one; the whole would be too long to read. */
  private static String firstChange(String before, String now) {
    List<String> old = before.lines().toList();
    List<String> lines = now.lines().toList();
    for (int i = 0; i < Math.max(old.size(), lines.size()); i++) {
      String was = i < old.size() ? old.get(i) : "(nothing)";
      String is = i < lines.size() ? lines.get(i) : "(nothing)";
      if (!was.equals(is)) {
        return "line %d was %s and is %s".formatted(i + 1, shortened(was), shortened(is));
      }
    }
    return "";
  }

  private static String shortened(String line) {
    return line.length() > 500 ? line.substring(0, 500) + "…" : line;
  }

  /** The file as each version wrote it that has it, oldest first. */
  public static List<String> all(String name) {
    return VERSIONS.stream().flatMap(version -> find(version, name).stream()).toList();
  }

  private static Optional<String> find(String version, String name) {
    try (InputStream in = Golden.class.getResourceAsStream(version + "/" + name)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void keep(String name, String text) {
    try {
      Path file = Path.of("target", "golden", name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
