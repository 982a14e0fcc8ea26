package io.sluice.documents.reading;

import io.sluice.TextExtraction.Reason;
import io.sluice.documents.Wire;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * One document to read. What it is decides its content; its name decides between kinds of text, and
 * is held against one that it promised to be.
 */
final class Reading {
  private final Path file;
  private final String filename;
  private final TextSink sink;

  /**
   * @param filename may be empty
   */
  Reading(Path file, String filename, int charactersMax) {
    this(file, filename, new TextSink(charactersMax, Wire.PAGES_MAX));
  }

  private Reading(Path file, String filename, TextSink sink) {
    this.file = file;
    this.filename = filename.toLowerCase(Locale.ROOT);
    this.sink = sink;
  }

  /** Fails with {@link RefusedDocument} where there is no text. */
  Result read() throws IOException {
    byte[] head = head();
    if (head.length == 0) {
      throw new RefusedDocument(Reason.EMPTY, "The file is empty.");
    }
    Form form = Form.of(head);
    if (form == Form.GZIP) {
      return unpacked();
    }
    checkName(form);
    return switch (form) {
      case PDF -> sink.finish(Kind.PDF, PdfText.read(file, sink));
      case ZIP -> docx();
      case OLE -> throw oldOffice();
      case TEXT -> text(head);
      case GZIP, IMAGE, PROGRAM, RICH_TEXT, POSTSCRIPT, BINARY ->
          throw new RefusedDocument(
              Reason.UNSUPPORTED,
              "The file is " + form.words() + ", from which no text is extracted.");
    };
  }

  private byte[] head() throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(Form.HEAD);
    }
  }

  private void checkName(Form form) throws RefusedDocument {
    boolean wrong =
        named("pdf") && form != Form.PDF
            || named("docx") && form != Form.ZIP && form != Form.OLE
            || named("gz")
            || named("html", "htm", "xhtml", "md", "markdown", "txt", "text")
                && form != Form.TEXT
                && form != Form.RICH_TEXT
                && form != Form.POSTSCRIPT;
    if (wrong) {
      throw wrongType(form);
    }
  }

  private RefusedDocument wrongType(Form form) {
    String ending = filename.substring(filename.lastIndexOf('.') + 1);
    return new RefusedDocument(
        Reason.WRONG_TYPE, "The file's name says ." + ending + ", but it is " + form.words() + ".");
  }

  private boolean named(String... endings) {
    for (String ending : endings) {
      if (filename.endsWith("." + ending)) {
        return true;
      }
    }
    return false;
  }

  private Result docx() throws IOException {
    try {
      return sink.finish(Kind.DOCX, DocxText.read(file, sink));
    } catch (RefusedDocument refused) {
      throw refused.reason() == Reason.UNSUPPORTED && named("docx") ? wrongType(Form.ZIP) : refused;
    }
  }

  /** Word encrypts a document by putting it into a file of the older kind. */
  private RefusedDocument oldOffice() throws IOException {
    return new OlderOffice(file).holdsEncrypted()
        ? new RefusedDocument(Reason.ENCRYPTED, "The document can be read only with its password.")
        : named("docx")
            ? wrongType(Form.OLE)
            : new RefusedDocument(
                Reason.UNSUPPORTED,
                "The file is " + Form.OLE.words() + "; save it as DOCX or PDF.");
  }

  private Result text(byte[] head) throws IOException {
    if (named("html", "htm", "xhtml") || HtmlText.starts(head)) {
      return sink.finish(Kind.HTML, HtmlText.read(file, head, sink));
    }
    PlainText.read(file, head, sink);
    return sink.finish(named("md", "markdown") ? Kind.MARKDOWN : Kind.TEXT, "");
  }

  /** What is in a gzip file, unless that is packed itself. */
  private Result unpacked() throws IOException {
    Path inner = file.resolveSibling(file.getFileName() + "-unpacked");
    try {
      unpack(inner);
      String name = named("gz") ? filename.substring(0, filename.length() - 3) : filename;
      Reading reading = new Reading(inner, name, sink);
      if (Form.of(reading.head()) == Form.GZIP || Form.of(reading.head()) == Form.ZIP) {
        throw RefusedDocument.tooCostly("The document is packed more than once.");
      }
      return reading.read();
    } finally {
      Files.deleteIfExists(inner);
    }
  }

  private void unpack(Path inner) throws IOException {
    long packed = Files.size(file);
    try (InputStream in =
            new Bounded(
                new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file))),
                () -> packed);
        OutputStream out = Files.newOutputStream(inner)) {
      in.transferTo(out);
    } catch (ZipException | EOFException broken) {
      throw RefusedDocument.damaged("The gzip file is broken.");
    }
  }
}
