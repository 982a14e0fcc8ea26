package io.sluice.gateway.pipeline.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.pipeline.split.Splitter;
import io.sluice.gateway.pipeline.task.Wish.OnFailedPart;
import io.sluice.gateway.pipeline.task.Wish.Templates;
import io.sluice.gateway.submit.Fields;
import io.sluice.gateway.submit.Options;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads a {@link Wish}, and notes everything that is wrong with it. */
public final class WishReader {
  /** The fields that it reads. */
  public static final Set<String> NAMES =
      Set.of(
          "task",
          "model",
          "schema",
          "question",
          "language",
          "labels",
          "template",
          "split",
          "on_failed_part",
          "options",
          "max_output_tokens",
          "think");

  static final int LABELS_MAX = 100;
  private static final int LABEL_CHARS_MAX = 100;
  private static final int QUESTION_CHARS_MAX = 4_000;
  private static final int TEMPLATE_CHARS_MAX = 20_000;
  private static final int SCHEMA_CHARS_MAX = 64 * 1024;
  private static final int TOKENS_MAX = 1_000_000;

  private final Fields fields;

  private WishReader(Fields fields) {
    this.fields = fields;
  }

  /**
   * @return empty if something is wrong that leaves nothing to go on with; what else is wrong is
   *     among the faults
   */
  public static Optional<Wish> read(Fields fields) {
    return new WishReader(fields).read();
  }

  private Optional<Wish> read() {
    fields.check(fields.has("task"), "task", "It is missing.");
    Optional<Task> named = fields.oneOf("task", Task.names()).flatMap(Task::named);
    String model = fields.required("model", 1, 200);
    Task task = named.orElse(Task.CUSTOM);
    int output = fields.integer("max_output_tokens", 1, TOKENS_MAX).orElse(task.outputTokens());
    fields.object("options").ifPresent(Options::check);
    fields
        .any("think")
        .ifPresent(it -> fields.check(it.isBoolean(), "think", "It must be true or false."));
    Wish wish =
        new Wish(
            task,
            model,
            schema(named),
            question(named),
            fields.text("language", 1, LABEL_CHARS_MAX),
            labels(named),
            templates(named),
            split(task),
            onFailedPart(),
            fields.any("options").filter(JsonNode::isObject).map(it -> (ObjectNode) it),
            output,
            fields.json().path("think").asBoolean());
    if (named.filter(it -> it == Task.TRANSLATE).isPresent()) {
      fields.check(wish.language().isPresent(), "language", "A translation needs it.");
    }
    return named.map(known -> wish);
  }

  private Optional<ObjectNode> schema(Optional<Task> task) {
    Optional<Fields> schema = fields.object("schema");
    schema.ifPresent(
        it ->
            fields.check(
                Json.write(it.json()).length() <= SCHEMA_CHARS_MAX,
                "schema",
                "It must be a JSON schema of 64 Ki characters at most."));
    task.ifPresent(
        it -> {
          if (it == Task.EXTRACT) {
            fields.check(fields.has("schema"), "schema", "This task needs it.");
          }
          refuse("schema", !it.takesSchema());
        });
    return schema.map(it -> (ObjectNode) it.json());
  }

  private Optional<String> question(Optional<Task> task) {
    task.ifPresent(
        it -> {
          if (it == Task.QUESTION) {
            fields.check(fields.has("question"), "question", "This task needs it.");
          }
          refuse("question", it != Task.QUESTION && it != Task.CUSTOM);
        });
    return fields.text("question", 1, QUESTION_CHARS_MAX);
  }

  private List<String> labels(Optional<Task> task) {
    List<String> labels = fields.texts("labels", LABELS_MAX, LABEL_CHARS_MAX);
    task.ifPresent(
        it -> {
          if (it == Task.CLASSIFY) {
            fields.check(
                labels.size() >= 2
                    && new HashSet<>(labels).size() == labels.size()
                    && labels.stream().noneMatch(String::isBlank),
                "labels",
                "This task needs 2 to " + LABELS_MAX + " different labels.");
          }
          refuse("labels", it != Task.CLASSIFY && it != Task.CUSTOM);
        });
    return labels;
  }

  private Optional<Templates> templates(Optional<Task> task) {
    task.ifPresent(
        it -> {
          if (it == Task.CUSTOM) {
            fields.check(fields.has("template"), "template", "This task needs it.");
          }
          refuse("template", it != Task.CUSTOM);
        });
    return fields
        .object("template")
        .map(
            template -> {
              template.allowOnly(Set.of("map", "reduce"));
              String map = template.required("map", 1, TEMPLATE_CHARS_MAX);
              Optional<Template> reduce =
                  template.text("reduce", 1, TEMPLATE_CHARS_MAX).map(Template::new);
              if (!map.isEmpty()) {
                holes(template, "map", new Template(map), Prompts.MAP_HOLES, "text");
              }
              reduce.ifPresent(
                  it -> holes(template, "reduce", it, Prompts.REDUCE_HOLES, "answers"));
              return new Templates(new Template(map), reduce);
            });
  }

  private static void holes(
      Fields template, String name, Template read, Set<String> known, String needed) {
    Set<String> unknown = new TreeSet<>(read.holes());
    unknown.removeAll(known);
    template.check(
        unknown.isEmpty(), name, "It has " + unknown + "; there are " + new TreeSet<>(known) + ".");
    template.check(read.holes().contains(needed), name, "It must have {{" + needed + "}}.");
  }

  private Splitter.Size split(Task task) {
    Optional<Fields> split = fields.object("split");
    split.ifPresent(it -> it.allowOnly(Set.of("tokens", "overlap")));
    int tokens =
        split
            .flatMap(it -> it.integer("tokens", Splitter.Size.TOKENS_MIN, TOKENS_MAX))
            .orElse(task.splitTokens());
    Optional<Integer> overlap = split.flatMap(it -> it.integer("overlap", 0, TOKENS_MAX));
    if (task == Task.TRANSLATE && overlap.filter(it -> it > 0).isPresent()) {
      split.get().fault("overlap", "A translation has every sentence once: it must be 0.");
    } else {
      overlap.ifPresent(
          it ->
              split
                  .get()
                  .check(it <= tokens / 4, "overlap", "It must be at most a quarter of tokens."));
    }
    int most = tokens / 4;
    return new Splitter.Size(tokens, Math.min(overlap.orElse(task.overlap()), most));
  }

  private OnFailedPart onFailedPart() {
    return fields
        .oneOf("on_failed_part", List.of("keep", "fail"))
        .filter("fail"::equals)
        .map(fail -> OnFailedPart.FAIL)
        .orElse(OnFailedPart.KEEP);
  }

  private void refuse(String name, boolean isForOthers) {
    if (isForOthers) {
      fields.check(!fields.has(name), name, "This task takes none.");
    }
  }
}
