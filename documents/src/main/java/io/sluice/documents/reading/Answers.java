package io.sluice.documents.reading;

import io.sluice.TextExtraction.Reason;
import io.sluice.documents.Wire;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.SynchronousQueue;

/** Reads what came in, one document at a time, and says what became of it. */
final class Answers implements Runnable {
  /** What the virtual machine itself ends with when memory is short. */
  private static final int OUT_OF_MEMORY = 3;

  private final SynchronousQueue<Received> turn;
  private final DataOutputStream out;

  Answers(SynchronousQueue<Received> turn, DataOutputStream out) {
    this.turn = turn;
    this.out = out;
  }

  @Override
  public void run() {
    try {
      out.writeByte(Wire.READY);
      out.flush();
      while (true) {
        answer(turn.take());
        out.flush();
      }
    } catch (IOException | InterruptedException gone) {
      Runtime.getRuntime().halt(0);
    } catch (OutOfMemoryError full) {
      Runtime.getRuntime().halt(OUT_OF_MEMORY);
    }
  }

  private void answer(Received document) throws IOException {
    Result result;
    try {
      result = read(document);
    } catch (RefusedDocument refused) {
      refuse(refused.reason(), refused.getMessage(), Wire.GO_ON);
      return;
    } catch (StackOverflowError deep) {
      refuse(Reason.TOO_COSTLY, "The document is nested too deeply.", Wire.SPENT);
      return;
    } catch (IOException | RuntimeException broken) {
      // Whatever a parser stumbles over, it is the document that laid it there.
      refuse(Reason.DAMAGED, "The document is broken.", Wire.GO_ON);
      return;
    }
    send(result);
  }

  private static Result read(Received document) throws IOException {
    try {
      return new Reading(document.file(), document.filename(), document.charactersMax()).read();
    } finally {
      Files.deleteIfExists(document.file());
    }
  }

  private void refuse(Reason reason, String message, int then) throws IOException {
    out.writeByte(Wire.REFUSED);
    out.writeUTF(reason.name());
    out.writeUTF(message);
    out.writeByte(then);
  }

  private void send(Result result) throws IOException {
    out.writeByte(Wire.EXTRACTED);
    out.writeUTF(result.kind().mediaType());
    out.writeUTF(result.title());
    out.writeInt(result.pageStarts().size());
    for (int start : result.pageStarts()) {
      out.writeInt(start);
    }
    out.writeInt(result.length());
    for (String piece : result.pieces()) {
      byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
      out.writeInt(bytes.length);
      out.write(bytes);
    }
    out.writeInt(Wire.WHOLE);
    out.writeByte(Wire.GO_ON);
  }
}
