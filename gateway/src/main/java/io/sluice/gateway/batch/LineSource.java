package io.sluice.gateway.batch;

import io.sluice.Unavailable;
import io.sluice.gateway.batch.LineIndex.Place;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * The lines of an input file by their places. Those that follow each other are read in one go. Used
 * by one thread.
 */
final class LineSource implements Closeable {
  /** What is so near is sooner read over than opened anew. */
  private static final long SKIPPED_BYTES_MAX = 64 * 1024;

  private final BatchFiles files;
  private final Batch batch;
  private InputStream stream = InputStream.nullInputStream();
  private long at = Long.MAX_VALUE;

  LineSource(BatchFiles files, Batch batch) {
    this.files = files;
    this.batch = batch;
  }

  /** Empty if the file is gone. */
  Optional<InputLine> read(Place place) {
    try {
      long ahead = place.offset() - at;
      if (ahead < 0 || ahead > SKIPPED_BYTES_MAX) {
        close();
        Optional<InputStream> opened =
            files.open(batch.tenant(), batch.inputFileId(), place.offset());
        if (opened.isEmpty()) {
          return Optional.empty();
        }
        stream = opened.get();
      } else {
        stream.skipNBytes(ahead);
      }
      byte[] text = stream.readNBytes(place.bytes());
      at = place.offset() + text.length;
      return Optional.of(new InputLine(place.number(), place.offset(), text, place.bytes()));
    } catch (IOException e) {
      at = Long.MAX_VALUE;
      throw new Unavailable("files", e.toString());
    }
  }

  @Override
  public void close() throws Unavailable {
    at = Long.MAX_VALUE;
    try {
      stream.close();
    } catch (IOException e) {
      throw new Unavailable("files", e.toString());
    }
  }
}
