package io.sluice.documents;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A PDF written object by object, as no honest program would. Object 1 is the catalogue. */
final class RawPdf {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<Integer> offsets = new ArrayList<>();

  RawPdf() {
    add("%PDF-1.7\n");
  }

  /** Adds the next object. */
  RawPdf object(String body) {
    begin();
    add(body + "\nendobj\n");
    return this;
  }

  /** Adds the next object, a stream. */
  RawPdf stream(String entries, byte[] content) {
    begin();
    add("<< " + entries + " /Length " + content.length + " >>\nstream\n");
    bytes.writeBytes(content);
    add("\nendstream\nendobj\n");
    return this;
  }

  RawPdf stream(String entries, String content) {
    return stream(entries, content.getBytes(StandardCharsets.ISO_8859_1));
  }

  byte[] end() {
    int table = bytes.size();
    add("xref\n0 " + (offsets.size() + 1) + "\n0000000000 65535 f \n");
    for (int offset : offsets) {
      add("%010d 00000 n \n".formatted(offset));
    }
    add("trailer\n<< /Size " + (offsets.size() + 1) + " /Root 1 0 R >>\n");
    add("startxref\n" + table + "\n%%EOF\n");
    return bytes.toByteArray();
  }

  private void begin() {
    offsets.add(bytes.size());
    add(offsets.size() + " 0 obj\n");
  }

  private void add(String text) {
    bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
