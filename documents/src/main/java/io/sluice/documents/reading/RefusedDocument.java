package io.sluice.documents.reading;

import io.sluice.TextExtraction.Reason;
import java.io.IOException;

/** No text can be had from the document. An IOException, so that libraries let it through. */
final class RefusedDocument extends IOException {
  private final Reason reason;

  /**
   * @param message a sentence for the document's owner
   */
  RefusedDocument(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }

  static RefusedDocument damaged(String message) {
    return new RefusedDocument(Reason.DAMAGED, message);
  }

  static RefusedDocument tooCostly(String message) {
    return new RefusedDocument(Reason.TOO_COSTLY, message);
  }
}
