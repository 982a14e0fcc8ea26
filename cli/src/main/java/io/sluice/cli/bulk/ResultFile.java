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

/**
 * The file that results go to, a line each, in their order, so that its last line says where to go
 * on. One process writes it at a time.
 */
public final class ResultFile implements Closeable {
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
      opened.last = new Mending(file, opened.channel).mend();
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
