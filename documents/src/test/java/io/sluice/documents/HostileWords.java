package io.sluice.documents;

import io.sluice.documents.corpus.DocxWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.poi.openxml4j.exceptions.InvalidFormatException;
import org.apache.poi.openxml4j.opc.OPCPackage;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.crypt.Encryptor;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;

/** Word documents, and other archives, that were made to do harm. */
final class HostileWords {
  private static final String OPEN =
      "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
          + "<w:body><w:p><w:r><w:t>";
  private static final String CLOSE = "</w:t></w:r></w:p></w:body></w:document>";
  private static final int DEEP = 100_000;

  private HostileWords() {}

  static byte[] good() throws IOException {
    return DocxWriter.ofParagraphs("Good", List.of("A good paragraph."));
  }

  /** Half a gigabyte, as text or around it. */
  static byte[] flatBomb(boolean inText) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("[Content_Types].xml"));
      zip.putNextEntry(new ZipEntry("word/document.xml"));
      zip.write((inText ? OPEN : OPEN + "</w:t>").getBytes(StandardCharsets.UTF_8));
      Bombs.fill(zip, 512 << 20);
    }
    return bytes.toByteArray();
  }

  /** Archives in archives: each holds ten of the one below. */
  static byte[] nestedBomb() throws IOException {
    byte[] content = Bombs.deflated("", 64 << 20);
    for (int level = 0; level < 4; level++) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
        for (int i = 0; i < 10; i++) {
          zip.putNextEntry(new ZipEntry(level + "-" + i + ".zip"));
          zip.write(content);
        }
      }
      content = bytes.toByteArray();
    }
    return content;
  }

  static byte[] manyEntries() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("[Content_Types].xml"));
      put(zip, "word/document.xml", OPEN + "text" + CLOSE);
      for (int i = 0; i < 20_000; i++) {
        zip.putNextEntry(new ZipEntry("word/media/" + i));
      }
    }
    return bytes.toByteArray();
  }

  static byte[] billionLaughs() throws IOException {
    StringBuilder type = new StringBuilder("<!DOCTYPE w [<!ENTITY l0 \"lol\">");
    for (int i = 1; i < 10; i++) {
      type.append("<!ENTITY l%d \"%s\">".formatted(i, ("&l" + (i - 1) + ";").repeat(10)));
    }
    return withBody(type + "]>" + OPEN + "&l9;" + CLOSE);
  }

  static byte[] foreignEntity(String address) throws IOException {
    return withBody("<!DOCTYPE w [<!ENTITY x SYSTEM \"" + address + "\">]>" + OPEN + "&x;" + CLOSE);
  }

  static byte[] foreignType(String address) throws IOException {
    return withBody("<!DOCTYPE w SYSTEM \"" + address + "\">" + OPEN + "text" + CLOSE);
  }

  static byte[] deepElements() throws IOException {
    return withBody(OPEN + "<w:x>".repeat(DEEP) + "</w:x>".repeat(DEEP) + CLOSE);
  }

  static byte[] encrypted() throws IOException, GeneralSecurityException, InvalidFormatException {
    Encryptor encryptor = new EncryptionInfo(EncryptionMode.agile).getEncryptor();
    encryptor.confirmPassword("reader");
    try (POIFSFileSystem files = new POIFSFileSystem()) {
      try (OPCPackage document = OPCPackage.open(new ByteArrayInputStream(good()));
          OutputStream out = encryptor.getDataStream(files)) {
        document.save(out);
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      files.writeFilesystem(bytes);
      return bytes.toByteArray();
    }
  }

  /** A Word document of nothing but this body. */
  static byte[] withBody(String xml) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("[Content_Types].xml"));
      put(zip, "word/document.xml", xml);
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
