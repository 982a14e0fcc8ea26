package io.sluice.documents.reading;

import io.sluice.TextExtraction.Reason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The text of a Word document: its body, then its footnotes and endnotes. Of the archive nothing
 * but these parts is unpacked, so what else is in it costs nothing.
 */
final class DocxText {
  private static final int ENTRIES_MAX = 10_000;
  private static final String BODY = "word/document.xml";
  private static final List<String> NOTES = List.of("word/footnotes.xml", "word/endnotes.xml");
  private static final String PROPERTIES = "docProps/core.xml";

  private final ZipFile zip;
  private final TextSink sink;

  private DocxText(ZipFile zip, TextSink sink) {
    this.zip = zip;
    this.sink = sink;
  }

  /** Returns the title, empty if there is none. */
  static String read(Path file, TextSink sink) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return new DocxText(zip, sink).read();
    } catch (ZipException broken) {
      throw RefusedDocument.damaged("The archive that the document is packed in is broken.");
    }
  }

  private String read() throws IOException {
    if (zip.size() > ENTRIES_MAX) {
      throw RefusedDocument.tooCostly("The archive has more than " + ENTRIES_MAX + " files.");
    }
    if (zip.getEntry(BODY) == null || zip.getEntry("[Content_Types].xml") == null) {
      throw new RefusedDocument(
          Reason.UNSUPPORTED, "The file is a ZIP archive, and not a Word document.");
    }
    body(BODY);
    for (String notes : NOTES) {
      body(notes);
    }
    return title();
  }

  private void body(String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry != null) {
      try (InputStream part = open(entry)) {
        new WordXml(sink).read(part);
      }
    }
  }

  private String title() throws IOException {
    ZipEntry entry = zip.getEntry(PROPERTIES);
    if (entry == null) {
      return "";
    }
    try (InputStream part = open(entry)) {
      return WordXml.title(part);
    }
  }

  private InputStream open(ZipEntry entry) throws IOException {
    InputStream unpacked = zip.getInputStream(entry);
    return new Bounded(new BufferedInputStream(unpacked), entry::getCompressedSize);
  }
}
