package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sluice.TokenCounter;
import io.sluice.codec.Json;
import io.sluice.gateway.pipeline.Asking.Question;
import io.sluice.gateway.pipeline.Asking.Told;
import io.sluice.gateway.pipeline.Merging.Piece;
import io.sluice.gateway.pipeline.Reduction.Reduced;
import io.sluice.gateway.pipeline.split.Pages;
import io.sluice.gateway.pipeline.split.Part;
import io.sluice.gateway.pipeline.split.Splitter;
import io.sluice.gateway.pipeline.task.Answer;
import io.sluice.gateway.pipeline.task.Prompts;
import io.sluice.gateway.pipeline.task.Room;
import io.sluice.gateway.pipeline.task.Wish;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** One document from its text to its result. Blocks; used by one thread. */
final class DocumentRun {
  private final Terms terms;
  private final Source source;
  private final Texts.About about;
  private final Asking asking;

  DocumentRun(Terms terms, Source source, Texts.About about, Asking asking) {
    this.terms = terms;
    this.source = source;
    this.about = about;
    this.asking = asking;
  }

  /** What is the same for all documents of a pipeline. */
  record Terms(Wish wish, Prompts prompts, Room room, TokenCounter counter, int partsMax) {}

  /** A document that has no text, or that nothing was begun of. */
  static ObjectNode none(Source source, Texts.About about, Fault why) {
    return view(source, about, Outcome.failed(why), Json.MAPPER.createArrayNode(), noUsage());
  }

  private static ObjectNode noUsage() {
    return Json.object().put("prompt_tokens", 0).put("completion_tokens", 0);
  }

  ObjectNode run(String text) throws InterruptedException {
    List<Part> parts = Splitter.split(text, terms.counter(), terms.wish().split());
    if (parts.isEmpty()) {
      return none(source, about, new Fault("document_empty", "It has no text."));
    }
    if (parts.size() > terms.partsMax()) {
      return none(
          source,
          about,
          new Fault("document_too_long", "It has more than " + terms.partsMax() + " parts."));
    }
    List<Told> told = map(text, parts);
    Outcome outcome = outcome(text, parts, told);
    return view(source, about, outcome, views(parts, told), asking.usage());
  }

  private List<Told> map(String text, List<Part> parts) throws InterruptedException {
    Pages pages = new Pages(about.pageStarts());
    return asking.parts(
        parts.size(),
        i ->
            new Question(
                "d" + source.index() + ".p" + i,
                terms.prompts().map(place(parts, i, pages), parts.get(i).of(text)),
                (answer, isCut) -> Answer.ofPart(terms.wish(), answer, isCut)));
  }

  private Prompts.Place place(List<Part> parts, int index, Pages pages) {
    Part part = parts.get(index);
    OptionalInt first = pages.first(part);
    String range = first.isEmpty() ? "" : first.getAsInt() + "-" + pages.last(part).getAsInt();
    return new Prompts.Place(source.name(), index + 1, parts.size(), range);
  }

  private Outcome outcome(String text, List<Part> parts, List<Told> told)
      throws InterruptedException {
    List<Piece> pieces = new ArrayList<>();
    Optional<Fault> lost = Optional.empty();
    for (Part part : parts) {
      switch (told.get(part.index())) {
        case Told.Answered(Answer.Good good, var job) -> pieces.add(new Piece(part, good));
        case Told.Answered(Answer.Bad bad, var job) -> lost = lost.or(() -> lost(part, bad));
        case Told.Failed(Fault why, var job) -> lost = lost.or(() -> lost(part, why));
        case Told.Stopped(Fault why, var job) -> {
          return Outcome.failed(why);
        }
      }
    }
    boolean gives = terms.wish().onFailedPart() == Wish.OnFailedPart.FAIL || pieces.isEmpty();
    if (lost.isPresent() && gives) {
      return Outcome.failed(lost.get());
    }
    return judged(brought(text, parts, pieces), lost);
  }

  private static Optional<Fault> lost(Part part, Answer.Bad bad) {
    return lost(part, new Fault(bad.code(), bad.message()));
  }

  private static Optional<Fault> lost(Part part, Fault why) {
    return Optional.of(
        new Fault("part_failed", "Part " + (part.index() + 1) + ": " + why.message()));
  }

  /** A document with a lost part is not whole, however well the rest went. */
  private static Outcome judged(Outcome outcome, Optional<Fault> lost) {
    return lost.isPresent() && outcome.status() != Outcome.Status.FAILED
        ? Outcome.incomplete(outcome.result(), lost.get())
        : outcome;
  }

  private Outcome brought(String text, List<Part> parts, List<Piece> pieces)
      throws InterruptedException {
    boolean isWhole = pieces.stream().noneMatch(piece -> piece.answer().isCut());
    return switch (terms.wish().task()) {
      case TRANSLATE -> Outcome.of(Merging.translation(text, parts, pieces), isWhole);
      case CLASSIFY -> Outcome.of(Merging.label(pieces), isWhole);
      case QUESTION -> {
        List<Answer.Good> said =
            pieces.stream()
                .map(Piece::answer)
                .flatMap(answer -> Answer.said(answer).stream())
                .map(it -> new Answer.Good(TextNode.valueOf(it), false))
                .toList();
        yield said.isEmpty()
            ? Outcome.of(NullNode.getInstance(), isWhole)
            : reduced(said, false, isWhole);
      }
      case SUMMARISE, EXTRACT -> reduced(answers(pieces), false, isWhole);
      case CUSTOM -> custom(pieces, isWhole);
    };
  }

  private Outcome custom(List<Piece> pieces, boolean isWhole) throws InterruptedException {
    boolean hasReduce = terms.wish().templates().flatMap(Wish.Templates::reduce).isPresent();
    if (hasReduce) {
      return reduced(answers(pieces), true, isWhole);
    }
    if (terms.wish().schema().isPresent()) {
      JsonNode list = Json.MAPPER.createArrayNode();
      answers(pieces).forEach(answer -> ((ArrayNode) list).add(answer.value()));
      return Outcome.of(list, isWhole);
    }
    return Outcome.of(Merging.list(pieces), isWhole);
  }

  private static List<Answer.Good> answers(List<Piece> pieces) {
    return pieces.stream().map(Piece::answer).toList();
  }

  private Outcome reduced(List<Answer.Good> answers, boolean atLeastOnce, boolean isWhole)
      throws InterruptedException {
    Reduction reduction =
        new Reduction(
            asking,
            "d" + source.index(),
            terms.counter(),
            terms.room().reduce(),
            texts -> terms.prompts().reduce(source.name(), texts),
            (answer, isCut) -> Answer.ofSeveral(terms.wish(), answer, isCut));
    return switch (reduction.of(answers, atLeastOnce)) {
      case Reduced.Whole(Answer.Good good) -> Outcome.of(good.value(), isWhole && !good.isCut());
      case Reduced.Failed(Fault why) ->
          terms.wish().onFailedPart() == Wish.OnFailedPart.FAIL
              ? Outcome.failed(why)
              : Outcome.incomplete(NullNode.getInstance(), why);
      case Reduced.Stopped(Fault why) -> Outcome.failed(why);
    };
  }

  private ArrayNode views(List<Part> parts, List<Told> told) {
    ArrayNode views = Json.MAPPER.createArrayNode();
    Pages pages = new Pages(about.pageStarts());
    for (Part part : parts) {
      views.add(view(part, pages, told.get(part.index())));
    }
    return views;
  }

  private static ObjectNode view(Part part, Pages pages, Told told) {
    boolean isGood = told instanceof Told.Answered(Answer.Good good, var job);
    ObjectNode view =
        Json.object().put("index", part.index()).put("status", isGood ? "completed" : "failed");
    page(view, "page_from", pages.first(part));
    page(view, "page_to", pages.last(part));
    view.put("start", part.start())
        .put("end", part.end())
        .put("tokens", part.tokens())
        .put("job", told.job().orElse(null));
    view.set(
        "answer", told instanceof Told.Answered(Answer.Good good, var job) ? good.value() : null);
    view.set("error", fault(told).map(Fault::json).orElse(null));
    return view;
  }

  private static Optional<Fault> fault(Told told) {
    return switch (told) {
      case Told.Answered(Answer.Good good, var job) -> Optional.empty();
      case Told.Answered(Answer.Bad bad, var job) ->
          Optional.of(new Fault(bad.code(), bad.message()));
      case Told.Failed(Fault why, var job) -> Optional.of(why);
      case Told.Stopped(Fault why, var job) -> Optional.of(why);
    };
  }

  private static void page(ObjectNode view, String name, OptionalInt page) {
    if (page.isPresent()) {
      view.put(name, page.getAsInt());
    } else {
      view.putNull(name);
    }
  }

  private static ObjectNode view(
      Source source, Texts.About about, Outcome outcome, ArrayNode parts, ObjectNode usage) {
    ObjectNode view = Json.object();
    ObjectNode document =
        view.putObject("document")
            .put("index", source.index())
            .put("file_id", source.fileId().orElse(null))
            .put("filename", source.filename().isEmpty() ? null : source.filename())
            .put("sha256", about.sha256().isEmpty() ? null : about.sha256())
            .put("type", about.type().isEmpty() ? null : about.type());
    if (about.pageStarts().isEmpty()) {
      document.putNull("pages");
    } else {
      document.put("pages", about.pageStarts().size());
    }
    document.put("characters", about.characters());
    view.put("status", outcome.status().name().toLowerCase(Locale.ROOT));
    view.set("result", outcome.result());
    view.set("error", outcome.error().map(Fault::json).orElse(null));
    view.set("parts", parts);
    view.set("usage", usage);
    return view;
  }
}
