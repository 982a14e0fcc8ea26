package io.sluice.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownTypesTest {
  private static final byte[] BINARY = {'B', 'M', 0, 1, 2, 0};

  @TempDir Path folder;

  @Test
  void text_is_no_matter_of_the_ending_and_may_be_packed() throws IOException {
    byte[] text = "Grüße aus dem Text.\n".getBytes(StandardCharsets.UTF_8);
    write("README", text);
    write("README.Debian", text);
    write("NEWS.gz", packed(text));
    write("a.md.gz", packed(text));
    write("scan.pdf", BINARY);
    write("scan.pdf.gz", packed("%PDF-1.7 \0\0".getBytes(StandardCharsets.UTF_8)));
    assertThat(doubtful()).isEmpty();
  }

  @Test
  void what_is_binary_or_broken_is_told_packed_or_not() throws IOException {
    byte[] cut = packed("cut off".repeat(500).getBytes(StandardCharsets.UTF_8));
    write("a.png", BINARY);
    write("archive.tar.gz", packed(BINARY));
    write("cut.gz", Arrays.copyOf(cut, 12));
    write("letter.rtf", "{\\rtf1 x}".getBytes(StandardCharsets.UTF_8));
    write("program", BINARY);
    assertThat(doubtful())
        .containsExactlyInAnyOrder("a.png", "archive.tar.gz", "cut.gz", "letter.rtf", "program");
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(folder.resolve(name), bytes);
  }

  private List<String> doubtful() {
    return KnownTypes.doubtful(
            new DocumentSearch(List.of(), List.of()).find(List.of(folder.toString())))
        .stream()
        .map(name -> name.substring(name.lastIndexOf('/') + 1))
        .toList();
  }

  private static byte[] packed(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
