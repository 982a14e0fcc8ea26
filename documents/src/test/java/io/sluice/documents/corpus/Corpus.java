package io.sluice.documents.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Real documents: the texts, HTML and gzipped texts that Debian's packages bring, and PDFs and Word
 * documents made of them. The same on a machine each time.
 */
public final class Corpus {
  private static final int BYTES_MIN = 500;
  private static final int BYTES_MAX = 150_000;
  private static final int CHARACTERS_MAX = 30_000;
  private static final List<String> OTHERS =
      List.of(".png", ".gif", ".jpg", ".pdf", ".svg", ".css", ".js", ".ico", ".zip", ".ps.gz");

  private final Path source;

  /**
   * @param source a folder such as {@code /usr/share/doc}
   */
  public Corpus(Path source) {
    this.source = source;
  }

  /**
   * Writes so many documents into a folder: of five in a row three as they are, a PDF and a DOCX.
   *
   * @return one line each: the file's name, and where its text is from
   */
  public List<String> write(Path folder, int documents) throws IOException {
    Files.createDirectories(folder);
    List<Path> texts = texts();
    if (texts.isEmpty()) {
      throw new IOException("no documents in " + source);
    }
    List<String> written = new ArrayList<>();
    for (int i = 0; i < documents; i++) {
      // Spread over all packages; where there are too few texts, they come again.
      Path text =
          documents <= texts.size()
              ? texts.get((int) ((long) i * texts.size() / documents))
              : texts.get(i % texts.size());
      String name = write(folder, i, text);
      written.add(name + "\t" + text);
    }
    return written;
  }

  private List<Path> texts() throws IOException {
    List<Path> texts = new ArrayList<>();
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        long size = Files.size(file);
        if (size >= BYTES_MIN && size <= BYTES_MAX && isText(file)) {
          texts.add(file);
        }
      }
    }
    return texts;
  }

  private static boolean isText(Path file) throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (OTHERS.stream().anyMatch(name::endsWith)) {
      return false;
    }
    byte[] all = bytes(file);
    String head = new String(all, 0, Math.min(4096, all.length), StandardCharsets.UTF_8);
    return head.indexOf('\0') < 0 && !head.isBlank();
  }

  private static String write(Path folder, int index, Path text) throws IOException {
    String stem = "%05d-%s-%s".formatted(index, parent(text), text.getFileName());
    String name =
        switch (index % 5) {
          case 3 -> stem + ".pdf";
          case 4 -> stem + ".docx";
          default -> asItIs(stem);
        };
    Path file = folder.resolve(name);
    switch (index % 5) {
      case 3 -> Files.write(file, PdfWriter.ofText(stem, start(text)));
      case 4 ->
          Files.write(file, DocxWriter.ofParagraphs(stem, Arrays.asList(start(text).split("\\R"))));
      default -> Files.write(file, Files.readAllBytes(text));
    }
    return name;
  }

  private static String parent(Path text) {
    return text.getParent().getFileName().toString();
  }

  private static String asItIs(String stem) {
    return stem.matches(".*\\.(html?|md|txt|gz)") ? stem : stem + ".txt";
  }

  private static String start(Path text) throws IOException {
    String all = decoded(bytes(text));
    return all.substring(0, Math.min(all.length(), CHARACTERS_MAX));
  }

  private static byte[] bytes(Path file) throws IOException {
    if (!file.toString().endsWith(".gz")) {
      return Files.readAllBytes(file);
    }
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return in.readAllBytes();
    }
  }

  private static String decoded(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException other) {
      return new String(bytes, Charset.forName("windows-1252"));
    }
  }
}
