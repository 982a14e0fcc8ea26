package io.sluice.gateway.pipeline.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The chats that a pipeline asks for, as {@code POST /v1/jobs} takes them: the same for the same
 * part, whoever asks. What is the same for all parts comes first, so that they share it in the
 * model server's cache.
 */
public final class Prompts {
  static final Set<String> MAP_HOLES =
      Set.of("text", "document", "part", "parts", "pages", "question", "language", "labels");
  static final Set<String> REDUCE_HOLES =
      Set.of("answers", "document", "question", "language", "labels");

  private final Wish wish;
  private final Frame frame;
  private final Phrases phrases;

  /**
   * @param mark some letters and digits that were drawn for this pipeline
   */
  public Prompts(Wish wish, String mark) {
    this.wish = wish;
    this.frame = new Frame(mark);
    this.phrases = new Phrases(wish);
  }

  /**
   * Where a part is.
   *
   * @param document its name, as its owner wrote it
   * @param part from 1
   * @param pages such as {@code 3-4}, empty for a document without pages
   */
  public record Place(String document, int part, int parts, String pages) {
    private String words() {
      String where = parts == 1 ? "the whole document" : "part " + part + " of " + parts;
      return pages.isEmpty() ? where : where + ", pages " + pages;
    }
  }

  /** Of one part. */
  public ObjectNode map(Place place, String text) {
    String body =
        wish.templates()
            .map(it -> it.map().fill(holes(place, text)))
            .orElseGet(
                () ->
                    framed("Document: " + name(place.document()) + "\n\n" + text)
                        + "\n\nThis is "
                        + place.words()
                        + ". "
                        + phrases.now());
    return chat(phrases.map(), body, format());
  }

  /**
   * Of the answers to parts that follow each other, or to groups of such parts.
   *
   * @param answers in the order of the document
   */
  public ObjectNode reduce(String document, List<String> answers) {
    String body =
        wish.templates()
            .flatMap(Wish.Templates::reduce)
            .map(it -> it.fill(holes(document, answers)))
            .orElseGet(
                () ->
                    framed("Document: " + name(document) + "\n\n" + list(answers))
                        + "\n\n"
                        + phrases.now());
    return chat(phrases.reduce(), body, reducedFormat());
  }

  /** Of the answers that documents gave to a question over all of them. */
  public ObjectNode conclude(List<String> answers) {
    return chat(
        phrases.conclude(), framed(list(answers)) + "\n\n" + phrases.now(), Optional.empty());
  }

  private Map<String, String> holes(Place place, String text) {
    Map<String, String> values = holes();
    values.put("text", framed(text));
    values.put("document", name(place.document()));
    values.put("part", String.valueOf(place.part()));
    values.put("parts", String.valueOf(place.parts()));
    values.put("pages", place.pages());
    return values;
  }

  private Map<String, String> holes(String document, List<String> answers) {
    Map<String, String> values = holes();
    values.put("answers", framed(list(answers)));
    values.put("document", name(document));
    return values;
  }

  private Map<String, String> holes() {
    Map<String, String> values = new HashMap<>();
    values.put("question", wish.question().orElse(""));
    values.put("language", wish.language().orElse("the language of the document"));
    values.put("labels", String.join(", ", wish.labels()));
    return values;
  }

  private String framed(String text) {
    return frame.around(text);
  }

  /** On one line and in quotes, as a stranger may have chosen it. */
  private static String name(String document) {
    return Json.write(Json.MAPPER.getNodeFactory().textNode(document));
  }

  private static String list(List<String> answers) {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < answers.size(); i++) {
      list.append("(").append(i + 1).append(") ").append(answers.get(i).strip()).append("\n\n");
    }
    return list.toString();
  }

  private ObjectNode chat(String instructions, String body, Optional<JsonNode> format) {
    ObjectNode chat = Json.object().put("model", wish.model());
    ArrayNode messages = chat.putArray("messages");
    messages.addObject().put("role", "system").put("content", instructions + " " + frame.rule());
    messages.addObject().put("role", "user").put("content", body);
    format.ifPresent(it -> chat.set("format", it));
    wish.options().ifPresent(it -> chat.set("options", it));
    return chat.put("max_output_tokens", wish.maxOutputTokens()).put("think", wish.thinks());
  }

  private Optional<JsonNode> format() {
    return switch (wish.task()) {
      case CLASSIFY -> Optional.of(Schemas.label(wish.labels()));
      case QUESTION -> Optional.of(Schemas.found());
      case SUMMARISE, EXTRACT, CUSTOM -> wish.schema().map(it -> it);
      case TRANSLATE -> Optional.empty();
    };
  }

  /** What documents say to a question is text; of the rest the result is like an answer. */
  private Optional<JsonNode> reducedFormat() {
    return wish.task() == Task.QUESTION ? Optional.empty() : format();
  }
}
