package io.sluice.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;

/** The pages of a PDF as PDFBox reads each alone, without white space. */
record PdfPages(List<String> pages) {

  static PdfPages read(Path file) throws IOException {
    List<String> pages = new ArrayList<>();
    try (PDDocument pdf = Loader.loadPDF(file.toFile())) {
      for (int page = 1; page <= pdf.getNumberOfPages(); page++) {
        PDFTextStripper one = new PDFTextStripper();
        one.setStartPage(page);
        one.setEndPage(page);
        pages.add(packed(one.getText(pdf)));
      }
    }
    return new PdfPages(pages);
  }

  int count() {
    return pages.size();
  }

  /** Whether these pages, from 1 and both included, hold this text. */
  boolean hold(String text, int from, int to) {
    return from <= to && String.join("", pages.subList(from - 1, to)).contains(packed(text));
  }

  private static String packed(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC).replaceAll("[\\s\\p{Z}\\p{C}]+", "");
  }
}
