package io.sluice.gateway.batch;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.FileStore;
import io.sluice.codec.Json;
import io.sluice.gateway.batch.BatchFiles.Made;
import io.sluice.gateway.bulk.Journal;
import io.sluice.gateway.bulk.JournalTail;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Makes the files of a batch of what its journal holds. Their ids follow from the batch's own, and
 * a file of an id is made once; so whoever makes them, and however often, there is one of each.
 */
final class Finale {
  private final BatchRun.Parts parts;
  private final BatchFolder folder;
  private final Batch batch;

  Finale(BatchRun.Parts parts, BatchFolder folder, Batch batch) {
    this.parts = parts;
    this.folder = folder;
    this.batch = batch;
  }

  void make() throws InterruptedException {
    JsonNode how = folder.finalizing().orElseThrow();
    try (OneFile answers = new OneFile("output");
        OneFile errors = new OneFile("error")) {
      Counts counts = Counts.NONE;
      JournalTail tail = JournalTail.open(parts.store(), folder.journal(), 0);
      for (List<Journal.Entry> some = tail.more(); !some.isEmpty(); some = tail.more()) {
        for (Journal.Entry entry : some) {
          LineAnswer answer = LineAnswer.parse(entry.json());
          (answer.completed() ? answers : errors).add(answer);
          counts = counts.plus(answer);
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
      parts.end(
          folder,
          new Ended(
              BatchStatus.parse(how.path("status").asText()),
              parts.clock().instant(),
              counts,
              Optional.empty(),
              answers.finish(),
              errors.finish()));
    }
  }

  /** One of the two, which is there only if it has a line. */
  private final class OneFile implements AutoCloseable {
    private final String use;
    private Optional<FileStore.Draft> draft = Optional.empty();

    private OneFile(String use) {
      this.use = use;
    }

    private void add(LineAnswer answer) {
      byte[] line = (Json.write(answer.line()) + "\n").getBytes(StandardCharsets.UTF_8);
      if (draft.isEmpty()) {
        draft = Optional.of(parts.files().create(made()));
      }
      draft.get().write(line, 0, line.length);
    }

    private Made made() {
      return new Made(
          batch.tenant(),
          id(),
          batch.id() + "_" + use + ".jsonl",
          parts.clock().instant().plus(batch.outputKept().orElse(parts.config().kept())));
    }

    private String id() {
      return batch.id().file(use);
    }

    /** The file's id, if there is one. */
    private Optional<String> finish() {
      draft.ifPresent(FileStore.Draft::commit);
      return draft.map(written -> id());
    }

    @Override
    public void close() {
      draft.ifPresent(FileStore.Draft::close);
    }
  }
}
