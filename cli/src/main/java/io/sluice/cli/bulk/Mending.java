package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Makes a file of results whole that may end in the middle of one. Used once. */
record Mending(Path file, FileChannel channel) {
  private static final int CHUNK_BYTES = 64 * 1024;
  private static final int LINE_BYTES_MAX = 64 * 1024 * 1024;

  /**
   * Cuts off everything after the last line that is whole.
   *
   * @return the number of the result in that line; 0 where there is none
   */
  long mend() throws IOException {
    long last = 0;
    long end = lineEnd(channel.size());
    if (end == 0) {
      checkTorn();
    }
    for (Optional<Long> seq = Optional.empty(); end > 0 && seq.isEmpty(); ) {
      long start = lineEnd(end - 1);
      seq = seq(start, end);
      last = seq.orElse(0L);
      end = seq.isPresent() ? end : start;
    }
    channel.truncate(end);
    channel.position(end);
    return last;
  }

  /** Without any whole line, what is there must at least be the beginning of one. */
  private void checkTorn() throws IOException {
    long size = channel.size();
    if (size > LINE_BYTES_MAX) {
      throw foreign();
    }
    String text = StandardCharsets.UTF_8.decode(read(0, (int) size)).toString();
    if (!text.isEmpty() && (!text.startsWith("{") || isJsonWithoutNumber(text))) {
      throw foreign();
    }
  }

  private static boolean isJsonWithoutNumber(String text) {
    try {
      return !Json.parse(text).path("seq").canConvertToLong();
    } catch (CodecException e) {
      return false;
    }
  }

  /** Where the last line ends, after its line feed, that ends at or before an offset. */
  private long lineEnd(long before) throws IOException {
    long from = before;
    while (from > 0) {
      int length = (int) Math.min(CHUNK_BYTES, from);
      from -= length;
      ByteBuffer chunk = read(from, length);
      for (int i = length - 1; i >= 0; i--) {
        if (chunk.get(i) == '\n') {
          return from + i + 1;
        }
      }
    }
    return 0;
  }

  /** The number of the result in a line; empty where the line was torn. */
  private Optional<Long> seq(long from, long to) throws IOException {
    if (to - from > LINE_BYTES_MAX) {
      throw foreign();
    }
    String text = StandardCharsets.UTF_8.decode(read(from, (int) (to - from))).toString();
    JsonNode json;
    try {
      json = Json.parse(text);
    } catch (CodecException e) {
      // A machine that lost its power may leave zeros; anything else was never written here.
      if (text.indexOf('\0') >= 0) {
        return Optional.empty();
      }
      throw foreign();
    }
    if (!json.path("seq").canConvertToLong()) {
      throw foreign();
    }
    return Optional.of(json.path("seq").asLong());
  }

  private Refusal foreign() {
    return new Refusal(
        Exit.USAGE, file + " has lines that are no results of Sluice: name another file");
  }

  private ByteBuffer read(long from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, from + bytes.position()) < 0) {
        throw new IOException("it became shorter");
      }
    }
    return bytes.flip();
  }
}
