package io.sluice.documents.reading;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;

/** What a reader of the page sees, with its lines where the page has blocks. */
final class HtmlText {
  private static final Pattern STARTS =
      Pattern.compile(
          "\\A[\\s\\u00EF\\u00BB\\u00BF]*+(?:<\\?xml[^>]*>\\s*+)?(?:<!--.*?-->\\s*+){0,9}"
              + "<(?:!doctype\\s+html|html|head|body)\\b",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern SAID =
      Pattern.compile(
          "<meta[^>]{0,200}charset\\s*=\\s*[\"']?([\\w.:-]{2,40})", Pattern.CASE_INSENSITIVE);

  private HtmlText() {}

  /** Whether a text is HTML, whatever its name says. */
  static boolean starts(byte[] head) {
    return STARTS.matcher(new String(head, StandardCharsets.ISO_8859_1)).find();
  }

  /** Returns the title, empty if there is none. */
  static String read(Path file, byte[] head, TextSink sink) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Document page =
          Parser.htmlParser().parseInput(new String(in.readAllBytes(), charset(file, head)), "");
      new HtmlWalk(sink).walk(page);
      return page.title();
    }
  }

  /** UTF-8 shows itself; of the others only the page knows which it is. */
  private static Charset charset(Path file, byte[] head) throws IOException {
    Charset seen = TextCharset.of(file, head);
    Matcher said = SAID.matcher(new String(head, StandardCharsets.ISO_8859_1));
    if (!said.find() || seen.equals(StandardCharsets.UTF_8) && beyondAscii(head)) {
      return seen;
    }
    try {
      Charset charset = Charset.forName(said.group(1));
      // A page whose tags could be read as ASCII is not of these, whatever it says.
      return charset.name().startsWith("UTF-16") || charset.name().startsWith("UTF-32")
          ? seen
          : charset;
    } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
      return seen;
    }
  }

  private static boolean beyondAscii(byte[] head) {
    for (byte b : head) {
      if (b < 0) {
        return true;
      }
    }
    return false;
  }
}
