package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import io.sluice.disk.SmallFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is asked of documents.
 *
 * @param task what is to be done; empty where another wish says it
 * @param schema the file of the JSON schema of the result
 * @param template the file of a prompt of one's own
 * @param splitTokens the most tokens of a part
 * @param overlapTokens of two parts that follow each other
 * @param onFailedPart what becomes of a document that has lost a part: keep or fail
 */
public record AnalysisRequest(
    Optional<String> task,
    Optional<String> question,
    Optional<Path> schema,
    List<String> labels,
    Optional<String> language,
    Optional<Path> template,
    Optional<Integer> splitTokens,
    Optional<Integer> overlapTokens,
    Optional<String> onFailedPart,
    Optional<Integer> maxOutputTokens) {

  /** What can be done with documents. */
  private enum Task {
    SUMMARISE,
    EXTRACT,
    QUESTION,
    TRANSLATE,
    CLASSIFY,
    CUSTOM;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The body of the request, but for the documents; what is wrong with it is a {@link Refusal}. */
  public ObjectNode json(String model, Duration window) {
    Task chosen = wanted();
    check(chosen);
    ObjectNode json = Json.object().put("task", chosen.wireName()).put("model", model);
    question.ifPresent(text -> json.put("question", text));
    schema.ifPresent(file -> json.set("schema", schema(file)));
    language.ifPresent(text -> json.put("language", text));
    template.ifPresent(file -> json.set("template", Template.read(file).json()));
    if (!labels().isEmpty()) {
      labels().forEach(json.putArray("labels")::add);
    }
    splitTokens.ifPresent(tokens -> json.withObject("/split").put("tokens", tokens));
    overlapTokens.ifPresent(tokens -> json.withObject("/split").put("overlap", tokens));
    onFailedPart.ifPresent(what -> json.put("on_failed_part", what));
    maxOutputTokens.ifPresent(tokens -> json.put("max_output_tokens", tokens));
    return json.put("completion_window", window.toHours() + "h");
  }

  /** They can be named one by one, and with commas. */
  @Override
  public List<String> labels() {
    return labels.stream()
        .flatMap(text -> List.of(text.split(",")).stream())
        .map(String::strip)
        .filter(text -> !text.isEmpty())
        .toList();
  }

  private Task wanted() {
    if (task.isPresent()) {
      String name = task.get().toLowerCase(Locale.ROOT).replace("summarize", "summarise");
      for (Task known : Task.values()) {
        if (known.wireName().equals(name)) {
          return known;
        }
      }
      throw wrong("--task: '" + task.get() + "' is none of " + names());
    }
    return implied().orElseThrow(() -> wrong("what is to be done? Say --task, one of " + names()));
  }

  private Optional<Task> implied() {
    if (template.isPresent()) {
      return Optional.of(Task.CUSTOM);
    }
    if (question.isPresent()) {
      return Optional.of(Task.QUESTION);
    }
    if (!labels.isEmpty()) {
      return Optional.of(Task.CLASSIFY);
    }
    return schema.isPresent() ? Optional.of(Task.EXTRACT) : Optional.empty();
  }

  private void check(Task chosen) {
    List<String> missing = new ArrayList<>();
    switch (chosen) {
      case QUESTION -> need(question.isPresent(), "--question TEXT", missing);
      case EXTRACT -> need(schema.isPresent(), "--schema FILE", missing);
      case CLASSIFY -> need(labels().size() > 1, "--labels A,B", missing);
      case TRANSLATE -> need(language.isPresent(), "--language NAME", missing);
      case CUSTOM -> need(template.isPresent(), "--template FILE", missing);
      case SUMMARISE -> {
        // Needs nothing else.
      }
    }
    if (!missing.isEmpty()) {
      throw wrong("--task " + chosen.wireName() + " needs " + String.join(", ", missing));
    }
    onFailedPart
        .filter(what -> !what.matches("keep|fail"))
        .ifPresent(
            what -> {
              throw wrong("--on-failed-part: '" + what + "' is none of keep, fail");
            });
  }

  private static void need(boolean is, String what, List<String> missing) {
    if (!is) {
      missing.add(what);
    }
  }

  private static JsonNode schema(Path file) {
    try {
      JsonNode schema = Json.parse(new String(SmallFile.read(file), StandardCharsets.UTF_8));
      if (!schema.isObject()) {
        throw wrong("--schema: " + file + " is no JSON schema");
      }
      return schema;
    } catch (IllegalArgumentException e) {
      throw wrong("--schema: " + e.getMessage());
    } catch (CodecException e) {
      throw wrong("--schema: " + file + " is " + e.getMessage());
    }
  }

  private static String names() {
    return String.join(", ", List.of(Task.values()).stream().map(Task::wireName).toList());
  }

  private static Refusal wrong(String message) {
    return new Refusal(Exit.USAGE, message);
  }
}
