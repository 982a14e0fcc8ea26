package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.client.ResultLine;
import io.sluice.cli.client.ResultReader;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The file that results go to, a line each, in their order, so that its last line says where to go
 * on. One process writes it at a time.
 */
public final class ResultFile implements Closeable {
  private static final int CHUNK_BYTES = 64 * 1024;
  private static final int LINE_BYTES_MAX = 64 * 1024 * 1024;

  private final Path file;
  private final FileChannel channel;
  private long last;

  private ResultFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Opens one that is empty or not there yet. */
  public static ResultFile fresh(Path file) {
    ResultFile opened = open(file);
    if (opened.bytes() > 0) {
      opened.close();
      throw new Refusal(
          Exit.USAGE, file + " has results already: go on with --resume, or name another file");
    }
    return opened;
  }

  /** Opens one that may have results. A line that was cut off is taken away. */
  public static ResultFile resumed(Path file) {
    ResultFile opened = open(file);
    try {
      opened.mend();
      return opened;
    } catch (IOException e) {
      opened.close();
      throw failed(file, e);
    } catch (Refusal e) {
      opened.close();
      throw e;
    }
  }

  /** Tells all results in a file. */
  static void each(Path file, ResultReader reader) {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode json = Json.parse(line);
        reader.result(new ResultLine(json.path("seq").asLong(), line, json));
      }
    } catch (IOException | CodecException e) {
      throw new Refusal(Exit.USAGE, "cannot read " + file);
    }
  }

  private static ResultFile open(Path file) {
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!isLocked(channel)) {
        channel.close();
        throw new Refusal(Exit.USAGE, "another sluice is writing to " + file);
      }
      return new ResultFile(file, channel);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Closing the channel lets go of the lock. */
  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** The number of the last result that is in it; 0 where there is none. */
  public long last() {
    return last;
  }

  Path path() {
    return file;
  }

  /** Adds a line. */
  void add(long seq, String line) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      last = seq;
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private long bytes() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Cuts off everything after the last line that is whole. */
  private void mend() throws IOException {
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

  private static Refusal failed(Path file, IOException e) {
    return new Refusal(Exit.USAGE, "cannot write " + file + ": " + reason(e));
  }

  /** What a file system says, without the name that stands before it. */
  static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.NoSuchFileException none -> "no such file or folder";
      case java.nio.file.AccessDeniedException denied -> "permission denied";
      case java.nio.file.FileSystemException other when other.getReason() != null ->
          other.getReason();
      default -> e.getMessage();
    };
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failed(file, e);
    }
  }
}
