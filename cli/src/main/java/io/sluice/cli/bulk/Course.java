package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.client.ResultLine;
import io.sluice.cli.client.Undertaking;
import io.sluice.codec.Json;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** One undertaking from its files to its results; it can be entered at any point of the way. */
public final class Course {
  private final Surroundings around;
  private final Undertaking kind;
  private final Wishes wishes;
  private final Return back;
  private final Earlier earlier;

  /** How the answer over all documents came out, where there is one. */
  private String overall = "completed";

  public Course(Surroundings around, Undertaking kind, Wishes wishes) {
    this.around = around;
    this.kind = kind;
    this.wishes = wishes;
    this.back = new Return(kind, wishes);
    this.earlier = new Earlier(around.bulk().server(), kind);
  }

  /**
   * From the beginning.
   *
   * @param request what is asked, without the documents
   * @param lasting whether the files will still be there when somebody comes back
   */
  Exit begin(ObjectNode request, List<FoundDocument> documents, boolean lasting) {
    Checkpoint.State state =
        new Checkpoint.State(
            kind,
            around.bulk().server(),
            UUID.randomUUID().toString(),
            request,
            documents,
            lasting
                ? wishes.out().map(out -> earlier.sent(out, documents)).orElse(Map.of())
                : Map.of(),
            Optional.empty());
    try (Sink sink = Sinks.fresh(around, kind, wishes)) {
      Optional<Checkpoint> checkpoint =
          wishes.out().filter(out -> lasting).map(out -> Checkpoint.begin(out, state));
      return run(state, checkpoint, sink, false);
    }
  }

  /** From where a command was stopped, by the id of what it started or by its file of results. */
  public Exit resume(String from) {
    if (kind.isId(from)) {
      wishes.out().ifPresent(out -> earlier.checkNoOther(out, from));
      return follow(from);
    }
    Path out = Path.of(from);
    Checkpoint.State state = earlier.state(out);
    Course there = new Course(around, kind, wishes.out(out));
    return state.started().isPresent() ? there.follow(state.started().get()) : there.goOn(state);
  }

  private Exit goOn(Checkpoint.State state) {
    try (Sink sink = Sinks.resumed(around, kind, wishes)) {
      return run(state, wishes.out().map(Checkpoint::resume), sink, true);
    }
  }

  private Exit run(
      Checkpoint.State state, Optional<Checkpoint> checkpoint, Sink sink, boolean again) {
    List<String> words = back.whileSending(checkpoint.isPresent());
    around.leaving().says(() -> words);
    try {
      List<String> ids = sent(state, checkpoint);
      JsonNode started =
          around.bulk().start(kind, request(state.request().deepCopy(), ids), state.run(), again);
      checkpoint.ifPresent(open -> open.started(started.path("id").asText()));
      return end(started, sink, state.documents().size() - ids.size());
    } finally {
      around.line().close();
      checkpoint.ifPresent(Checkpoint::close);
    }
  }

  private List<String> sent(Checkpoint.State state, Optional<Checkpoint> checkpoint) {
    try {
      List<String> ids = new Sending(around, state, checkpoint, wishes.window()).send();
      if (ids.isEmpty()) {
        throw new Refusal(Exit.NOT_COMPLETED, "there is nothing to be worked on");
      }
      return ids;
    } catch (Refusal e) {
      checkpoint.ifPresent(kept -> around.line().say(back.afterRefusal()));
      throw e;
    }
  }

  private ObjectNode request(ObjectNode asked, List<String> ids) {
    if (kind == Undertaking.BATCH) {
      return asked.put("input_file_id", ids.getFirst());
    }
    var documents = asked.putArray("documents");
    ids.forEach(id -> documents.addObject().put("file_id", id));
    return asked;
  }

  private Exit follow(String id) {
    try (Sink sink = Sinks.resumed(around, kind, wishes)) {
      return end(around.bulk().find(kind, id), sink, 0);
    }
  }

  private Exit end(JsonNode started, Sink sink, int notSent) {
    String id = started.path("id").asText();
    if (wishes.detach()) {
      around.line().close();
      around.console().out().println(wishes.json() ? Json.write(started) : id);
      return Exit.OK;
    }
    around.leaving().says(() -> back.whileRunning(id));
    JsonNode ended = followed(started, sink);
    around.leaving().says(List::of);
    wishes.report().ifPresent(file -> report(ended, file));
    wishes.out().ifPresent(Checkpoint::delete);
    return tell(ended, notSent);
  }

  private JsonNode followed(JsonNode started, Sink sink) {
    try {
      return new Following(around, kind, progress())
          .follow(
              started,
              sink.last(),
              line -> {
                sink.result(line);
                notice(line);
              });
    } catch (Refusal e) {
      // It goes on at the server, whatever happened here.
      back.whileRunning(started.path("id").asText()).forEach(around.line()::say);
      throw e;
    }
  }

  private void notice(ResultLine line) {
    if (line.json().path("document").isNull()) {
      overall = line.json().path("status").asText();
    }
  }

  /** Of all results, also those that came before: the file has them, and so does the server. */
  private void report(JsonNode ended, Path file) {
    String id = ended.path("id").asText();
    Report.write(
        file,
        ended,
        wishes.out().isPresent()
            ? reader -> ResultFile.each(wishes.out().get(), reader)
            : reader -> around.bulk().follow(kind, id, 0, reader));
  }

  private Progress progress() {
    ZoneId zone = ZoneId.systemDefault();
    return kind == Undertaking.BATCH ? new BatchProgress(zone) : new PipelineProgress(zone);
  }

  private Exit tell(JsonNode ended, int notSent) {
    Outcome outcome = Outcome.of(kind, ended, notSent).withOverall(overall);
    outcome.lines().forEach(around.line()::say);
    if (wishes.json() && wishes.out().isPresent()) {
      around.console().out().println(Json.write(ended));
    }
    return outcome.exit();
  }
}
