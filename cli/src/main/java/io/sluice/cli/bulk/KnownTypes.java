package io.sluice.cli.bulk;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Which files look like documents, by the ending of the name, or else by the first bytes: {@code
 * README}, {@code NEWS.gz} and {@code notes.2024} are text as often as not. Whether one is a
 * document, the server finds out.
 */
final class KnownTypes {
  private static final Set<String> ENDINGS =
      Set.of(
          "pdf",
          "docx",
          "html",
          "htm",
          "xhtml",
          "md",
          "markdown",
          "txt",
          "text",
          "log",
          "rst",
          "csv",
          "tsv",
          "json",
          "xml",
          "tex");

  private static final List<String> NOT_READ = List.of("{\\rtf", "%!PS");
  private static final int HEAD_BYTES = 4096;
  private static final int GZIP_FIRST = 0x1F;
  private static final int GZIP_SECOND = 0x8B;

  private KnownTypes() {}

  /** The names of those that may be no documents. */
  static List<String> doubtful(List<FoundDocument> documents) {
    return documents.stream()
        .filter(one -> !ENDINGS.contains(ending(one.name())) && !looksLikeText(one.path()))
        .map(FoundDocument::name)
        .toList();
  }

  /** What cannot be read is no matter of its type: sending it says why. */
  private static boolean looksLikeText(Path file) {
    try (InputStream in = unpacked(new BufferedInputStream(Files.newInputStream(file)))) {
      byte[] head = in.readNBytes(HEAD_BYTES);
      String start = new String(head, StandardCharsets.ISO_8859_1);
      return start.contains("%PDF-")
          || start.indexOf(0) < 0 && NOT_READ.stream().noneMatch(start::startsWith);
    } catch (ZipException | EOFException broken) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static InputStream unpacked(InputStream in) throws IOException {
    in.mark(2);
    boolean packed = in.read() == GZIP_FIRST && in.read() == GZIP_SECOND;
    in.reset();
    return packed ? new GZIPInputStream(in) : in;
  }

  private static String ending(String name) {
    String last = name.substring(name.lastIndexOf('/') + 1);
    return last.substring(last.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
