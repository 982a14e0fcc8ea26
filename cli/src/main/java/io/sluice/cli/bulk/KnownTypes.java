package io.sluice.cli.bulk;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which endings of names promise a document. Whether it is one, the server finds out. */
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

  private KnownTypes() {}

  /** The names of those that may be no documents. */
  static List<String> doubtful(List<FoundDocument> documents) {
    return documents.stream()
        .map(FoundDocument::name)
        .filter(name -> ending(name).isEmpty() || !ENDINGS.contains(ending(name)))
        .filter(name -> !ending(name).isEmpty())
        .toList();
  }

  private static String ending(String name) {
    String last = name.substring(name.lastIndexOf('/') + 1);
    return last.substring(last.lastIndexOf('.') + 1).equals(last)
        ? ""
        : last.substring(last.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
