package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.client.Undertaking;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import io.sluice.disk.OwnerOnly;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file beside the results that says how far sending got, so that a command which was stopped can
 * be gone on with. It is added to line by line, and is deleted when all results are there. Safe
 * from any thread.
 */
final class Checkpoint implements Closeable {
  private static final String ENDING = ".state";

  /**
   * How far it got.
   *
   * @param server where
   * @param run names it at the server
   * @param request what is asked, without the documents
   * @param documents in their order
   * @param uploaded those that are there, by their places
   * @param started the id, where it was started for certain
   */
  record State(
      Undertaking kind,
      String server,
      String run,
      JsonNode request,
      List<FoundDocument> documents,
      Map<Integer, Sent> uploaded,
      Optional<String> started) {}

  /**
   * A document that is at the server.
   *
   * @param id there
   * @param as what was sent
   */
  record Sent(String id, FoundDocument as) {}

  private final Path file;
  private final FileChannel channel;

  private Checkpoint(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static Path beside(Path out) {
    return out.resolveSibling(out.getFileName() + ENDING);
  }

  /** Begins one in place of any that was there. */
  static Checkpoint begin(Path out, State state) {
    try {
      Checkpoint begun = open(out);
      begun.channel.truncate(0);
      StringBuilder lines =
          new StringBuilder(Json.write(CheckpointCodec.header(state))).append('\n');
      state
          .documents()
          .forEach(one -> lines.append(Json.write(CheckpointCodec.json(one))).append('\n'));
      begun.add(lines.toString());
      state.uploaded().forEach(begun::uploaded);
      return begun;
    } catch (IOException e) {
      throw failed(beside(out), e);
    }
  }

  /** Goes on with one. */
  static Checkpoint resume(Path out) {
    try {
      Checkpoint resumed = open(out);
      resumed.channel.position(resumed.channel.size());
      // Ends a line that was cut off; reading passes over it.
      resumed.add("\n");
      return resumed;
    } catch (IOException e) {
      throw failed(beside(out), e);
    }
  }

  private static Checkpoint open(Path out) throws IOException {
    Path file = beside(out);
    return new Checkpoint(file, OwnerOnly.file(file));
  }

  /** What the file beside the results says, if there is one. */
  static Optional<State> read(Path out) {
    Path file = beside(out);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(CheckpointCodec.read(Files.readAllLines(file)));
    } catch (IOException | CodecException | IllegalArgumentException e) {
      throw new Refusal(Exit.USAGE, "cannot read " + file + ": delete it and begin anew");
    }
  }

  /** A document is at the server. */
  void uploaded(int place, Sent sent) {
    ObjectNode line = Json.object().put("uploaded", place).put("file", sent.id());
    line.set("as", CheckpointCodec.json(sent.as()));
    say(line);
  }

  void started(String id) {
    say(Json.object().put("started", id));
  }

  private void say(ObjectNode line) {
    try {
      add(Json.write(line) + "\n");
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private synchronized void add(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** All results are there. */
  static void delete(Path out) {
    try {
      Files.deleteIfExists(beside(out));
    } catch (IOException e) {
      throw failed(beside(out), e);
    }
  }

  private static Refusal failed(Path file, IOException e) {
    return new Refusal(Exit.USAGE, "cannot write " + file + ": " + ResultFile.reason(e));
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
