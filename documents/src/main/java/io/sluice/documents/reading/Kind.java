package io.sluice.documents.reading;

/** The types of documents that text is extracted from. */
enum Kind {
  PDF("application/pdf"),
  DOCX("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
  HTML("text/html"),
  MARKDOWN("text/markdown"),
  TEXT("text/plain");

  private final String mediaType;

  Kind(String mediaType) {
    this.mediaType = mediaType;
  }

  String mediaType() {
    return mediaType;
  }
}
