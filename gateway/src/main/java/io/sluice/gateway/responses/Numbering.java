package io.sluice.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.JobEvent;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.LoggedEvent;
import io.sluice.Output;
import io.sluice.codec.Json;
import io.sluice.gateway.responses.Numbered.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the numbered events of a response out of the log of its job, read from its beginning. The
 * numbers follow from the log alone, so that every gateway gives the same one to the same event.
 *
 * <p>They count from 0. Where the store lost the log they go on far behind all that it held,
 * counted from the time of the new beginning, so that no number ever means two events.
 */
final class Numbering {
  /** No job logs more in a millisecond. */
  private static final long NUMBERS_PER_MS = 1_000;

  /** The reasons of a reset that stands at the beginning of a log. */
  private static final Set<String> LOSSES = Set.of("store_lost", "record_lost", "restarted");

  private final ObjectNode begunWith;
  private final Items items;
  private final long createdMs;
  private final boolean restored;
  private long next;
  private List<Numbered> made = new ArrayList<>();
  private boolean begun;
  private Run run = new Run();

  /**
   * Keeps nothing of the prompt, since readers stay for long.
   *
   * @param record of the job, at whatever time
   */
  Numbering(JobRecord record) {
    this(record, begun(record));
  }

  /**
   * @param begun from {@link #begun}; only read
   */
  Numbering(JobRecord record, ObjectNode begun) {
    this.begunWith = begun;
    this.items = new Items(record.id());
    this.createdMs = record.job().createdAt().toEpochMilli();
    this.restored = record.ticket().isEmpty();
  }

  /** What it takes of the request, which may be long to read. */
  static ObjectNode begun(JobRecord record) {
    return ResponseView.begun(record.job(), JobState.QUEUED.wireName());
  }

  /** The number of what comes next. */
  long number() {
    return next;
  }

  /** What comes before the log. */
  List<Numbered> opening() {
    opening("response.created", JobState.QUEUED);
    opening("response.queued", JobState.QUEUED);
    return taken();
  }

  /** What an event of the log makes; nothing for the end, which takes the finished job. */
  List<Numbered> next(LoggedEvent logged) {
    switch (logged.event()) {
      case JobEvent.Start start -> begin(logged.position().fence(), begun || restored);
      case JobEvent.Reset reset -> reset(logged.position().fence(), reset.reason());
      case JobEvent.Thinking thinking -> piece(Kind.REASONING, thinking.text());
      case JobEvent.Token token -> piece(Kind.MESSAGE, token.text());
      case JobEvent.ToolCall call -> call(call.json());
      case JobEvent.End end -> {
        // The log holds only the state.
      }
    }
    return taken();
  }

  /** What the end makes; the answer too, where it was never in the log. */
  List<Numbered> end(JobRecord ended) {
    Output output = ended.ending().orElseThrow().output();
    if (run.outputs == 0) {
      output.thinking().ifPresent(thinking -> piece(Kind.REASONING, thinking));
      piece(Kind.MESSAGE, output.text());
      output.toolCalls().forEach(this::call);
    }
    close(Items.lastStatus(ended.state()));
    ObjectNode data = data(lastType(ended.state()));
    data.set("response", ResponseView.of(begunWith.deepCopy(), ended));
    add(new Part.Last(), data);
    return taken();
  }

  /** There is no event for a cancelled response: its status says what became of it. */
  private static String lastType(JobState state) {
    return switch (state) {
      case COMPLETED -> "response.completed";
      case INCOMPLETE -> "response.incomplete";
      case FAILED, CANCELLED, EXPIRED -> "response.failed";
      case QUEUED, IN_PROGRESS, CANCELLING -> throw new IllegalArgumentException("not ended");
    };
  }

  private void reset(long fence, String reason) {
    boolean lost = !begun || LOSSES.contains(reason);
    if (lost) {
      begin(fence, lost);
    } else {
      annul();
    }
  }

  /**
   * @param lost whether there was a log before this one
   */
  private void begin(long fence, boolean lost) {
    if (!begun) {
      begun = true;
      opening("response.in_progress", JobState.IN_PROGRESS);
    }
    if (lost) {
      next = Math.max(next, (fence - createdMs) * NUMBERS_PER_MS);
      annul();
    }
  }

  private void annul() {
    run = new Run();
    add(new Part.Void(), Json.object());
  }

  private void piece(Kind kind, String text) {
    if (text.isEmpty()) {
      return;
    }
    if (run.open.filter(it -> it.kind == kind).isEmpty()) {
      close(Items.COMPLETED);
      open(kind);
    }
    Open open = run.open.orElseThrow();
    open.text.append(text);
    ObjectNode data = ofPart("delta", open).put("delta", text);
    if (kind == Kind.MESSAGE) {
      data.putArray("logprobs");
    }
    add(new Part.Piece(open.output, text), data);
  }

  private void open(Kind kind) {
    int nth = kind == Kind.REASONING ? run.reasonings++ : run.messages++;
    Open open = new Open(kind, nth, run.outputs++);
    run.open = Optional.of(open);
    item("added", open.output, open.begun());
    content("added", open);
  }

  private void close(String status) {
    run.open.ifPresent(
        open -> {
          ObjectNode done = ofPart("done", open).put("text", open.text.toString());
          if (open.kind == Kind.MESSAGE) {
            done.putArray("logprobs");
          }
          mark(done, "");
          content("done", open);
          item("done", open.output, open.done(status));
        });
    run.open = Optional.empty();
  }

  private void call(String json) {
    close(Items.COMPLETED);
    int output = run.outputs++;
    ObjectNode whole = items.call(run.calls++, Items.COMPLETED, json);
    String arguments = whole.path("arguments").asText();
    String id = whole.path("id").asText();
    ObjectNode begun = whole.deepCopy().put("status", Items.IN_PROGRESS).put("arguments", "");
    item("added", output, begun);
    if (!arguments.isEmpty()) {
      ObjectNode delta = place("response.function_call_arguments.delta", output, id);
      add(new Part.Piece(output, arguments), delta.put("delta", arguments));
    }
    mark(
        place("response.function_call_arguments.done", output, id)
            .put("name", whole.path("name").asText())
            .put("arguments", arguments),
        "");
    item("done", output, whole);
  }

  private void item(String what, int output, ObjectNode item) {
    ObjectNode data = data("response.output_item." + what).put("output_index", output);
    data.set("item", item);
    mark(data, item.path("type").asText() + item.path("name").asText() + item.path("call_id"));
  }

  private void content(String what, Open open) {
    ObjectNode data = place("response.content_part." + what, open.output, open.id());
    data.put("content_index", 0).set("part", open.part(what));
    mark(data, "");
  }

  private ObjectNode ofPart(String what, Open open) {
    String type = open.kind == Kind.REASONING ? "reasoning_text" : "output_text";
    return place("response." + type + "." + what, open.output, open.id()).put("content_index", 0);
  }

  private ObjectNode place(String type, int output, String item) {
    return data(type).put("item_id", item).put("output_index", output);
  }

  private void opening(String type, JobState state) {
    ObjectNode data = data(type);
    data.set("response", begunWith.deepCopy().put("status", state.wireName()));
    add(new Part.Opening(), data);
  }

  private ObjectNode data(String type) {
    return Json.object().put("type", type).put("sequence_number", next);
  }

  private void mark(ObjectNode data, String more) {
    JsonNode type = data.path("type");
    add(new Part.Mark(type.asText() + data.path("output_index").asInt() + more), data);
  }

  private void add(Part part, ObjectNode data) {
    made.add(new Numbered(next++, part, data));
  }

  private List<Numbered> taken() {
    List<Numbered> all = made;
    made = new ArrayList<>();
    return all;
  }

  private enum Kind {
    REASONING,
    MESSAGE
  }

  /** What one attempt has put out. */
  private static final class Run {
    private int outputs;
    private int reasonings;
    private int messages;
    private int calls;
    private Optional<Open> open = Optional.empty();
  }

  /** The item that text is added to. */
  private final class Open {
    private final Kind kind;
    private final int nth;
    private final int output;
    private final StringBuilder text = new StringBuilder();

    private Open(Kind kind, int nth, int output) {
      this.kind = kind;
      this.nth = nth;
      this.output = output;
    }

    private String id() {
      return kind == Kind.REASONING ? items.reasoningId(nth) : items.messageId(nth);
    }

    private ObjectNode begun() {
      return kind == Kind.REASONING ? items.reasoningBegun(nth) : items.messageBegun(nth);
    }

    private ObjectNode done(String status) {
      String whole = text.toString();
      return kind == Kind.REASONING
          ? items.reasoning(nth, status, whole)
          : items.message(nth, status, whole);
    }

    private ObjectNode part(String what) {
      String whole = what.equals("done") ? text.toString() : "";
      return kind == Kind.REASONING ? Items.reasoningText(whole) : Items.outputText(whole);
    }
  }
}
