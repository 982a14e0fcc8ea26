package io.sluice.documents.reading;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a file is by its first bytes. */
enum Form {
  PDF("a PDF file"),
  ZIP("a ZIP archive"),
  OLE("a file of an older Office"),
  GZIP("a gzip file"),
  IMAGE("an image"),
  PROGRAM("a program"),
  RICH_TEXT("an RTF file"),
  POSTSCRIPT("a PostScript file"),
  TEXT("text"),
  BINARY("a binary file");

  /** How many bytes are looked at. */
  static final int HEAD = 4096;

  private static final int PDF_BEGINS_BEFORE = 1024;

  private record Magic(Form form, String bytes) {}

  private static final List<Magic> MAGICS =
      List.of(
          new Magic(ZIP, "PK\3\4"),
          new Magic(ZIP, "PK\5\6"),
          new Magic(OLE, "\u00D0\u00CF\u0011\u00E0\u00A1\u00B1\u001A\u00E1"),
          new Magic(GZIP, "\u001F\u008B"),
          new Magic(IMAGE, "\u0089PNG"),
          new Magic(IMAGE, "\u00FF\u00D8\u00FF"),
          new Magic(IMAGE, "GIF8"),
          new Magic(IMAGE, "II*\0"),
          new Magic(IMAGE, "MM\0*"),
          new Magic(PROGRAM, "\u007FELF"),
          new Magic(PROGRAM, "MZ"),
          new Magic(RICH_TEXT, "{\\rtf"),
          new Magic(POSTSCRIPT, "%!PS"));

  private final String words;

  Form(String words) {
    this.words = words;
  }

  /** For a sentence: {@code a PDF file}. */
  String words() {
    return words;
  }

  /**
   * @param head the first {@link #HEAD} bytes, or all if there are fewer
   */
  static Form of(byte[] head) {
    String start = new String(head, StandardCharsets.ISO_8859_1);
    int pdf = start.indexOf("%PDF-");
    if (pdf == 0) {
      return PDF;
    }
    for (Magic magic : MAGICS) {
      boolean wordLike = magic.form == PROGRAM && magic.bytes.length() == 2;
      if (start.startsWith(magic.bytes) && !(wordLike && TextCharset.looksLikeText(head))) {
        return magic.form;
      }
    }
    if (TextCharset.looksLikeText(head)) {
      return TEXT;
    }
    return pdf >= 0 && pdf < PDF_BEGINS_BEFORE ? PDF : BINARY;
  }
}
