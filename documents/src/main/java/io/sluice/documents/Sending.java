package io.sluice.documents;

import io.sluice.TextExtraction.Bounds;
import io.sluice.TextExtraction.Reason;
import io.sluice.TextExtraction.Refused;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Gives a document to the process that is to read it. */
final class Sending {
  private static final int PIECE = 1 << 16;

  private final DataOutputStream out;
  private final Bounds bounds;

  Sending(DataOutputStream out, Bounds bounds) {
    this.out = out;
    this.bounds = bounds;
  }

  /**
   * Sends it all, or takes it back when it is too large. An IOException is the process's; what the
   * source fails with is an {@link UncheckedIOException}.
   */
  Optional<Refused> send(InputStream document, String filename) throws IOException {
    out.writeByte(Wire.DOCUMENT);
    out.writeUTF(end(filename));
    out.writeInt(bounds.charactersMax());
    byte[] piece = new byte[PIECE];
    long sent = 0;
    int count;
    while ((count = read(document, piece)) > 0) {
      sent += count;
      if (sent > bounds.bytesMax()) {
        out.writeInt(Wire.GIVEN_UP);
        return Optional.of(
            new Refused(
                Reason.TOO_LARGE, "The document has more than " + bounds.bytesMax() + " bytes."));
      }
      out.writeInt(count);
      out.write(piece, 0, count);
    }
    out.writeInt(Wire.WHOLE);
    out.flush();
    return Optional.empty();
  }

  /** The type is at the end of a name, so that is what is kept of a long one. */
  private static String end(String filename) {
    return filename.substring(Math.max(0, filename.length() - Wire.WORDS_MAX));
  }

  private static int read(InputStream document, byte[] piece) {
    try {
      return document.readNBytes(piece, 0, piece.length);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
