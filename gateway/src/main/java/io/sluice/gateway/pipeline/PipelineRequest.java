package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Pool;
import io.sluice.codec.Json;
import io.sluice.gateway.pipeline.split.Splitter;
import io.sluice.gateway.pipeline.task.Room;
import io.sluice.gateway.pipeline.task.Wish;
import io.sluice.gateway.pipeline.task.WishReader;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.submit.Durations;
import io.sluice.gateway.submit.Faults;
import io.sluice.gateway.submit.Fields;
import io.sluice.gateway.submit.Models;
import io.sluice.gateway.submit.StrictJson;
import io.sluice.tokens.TokenCounters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The body of {@code POST /v1/pipelines}, read and found valid.
 *
 * @param asked the fields of the wish, with what was left out filled in
 */
record PipelineRequest(
    ObjectNode asked, List<Source> documents, Duration window, ObjectNode metadata) {
  private static final Durations.Bounds WINDOW = new Durations.Bounds("1m", "168h");
  private static final Duration WINDOW_STANDARD = Duration.ofHours(24);
  private static final int FILENAME_CHARS_MAX = 255;
  private static final int PAIRS_MAX = 16;
  private static final int PAIR_NAME_CHARS_MAX = 64;
  private static final int PAIR_VALUE_CHARS_MAX = 512;
  private static final int FILE_ID_CHARS_MAX = 100;

  /**
   * What requests are read with.
   *
   * @param promptTokensMax the absolute cap on prompts
   */
  record Reader(Models models, int promptTokensMax, int documentsMax) {
    /**
     * Refuses what is not valid, with everything that is wrong with it. Blocks.
     *
     * @param file finds a file of the tenant's
     */
    PipelineRequest read(JsonNode json, Files file) {
      Faults faults = new Faults();
      if (!json.isObject()) {
        faults.add("", "It must be an object.");
        throw faults.problem().refusal();
      }
      Fields fields = new Fields(json, "", faults);
      Set<String> names = new HashSet<>(WishReader.NAMES);
      names.addAll(Set.of("documents", "completion_window", "metadata"));
      fields.allowOnly(names);
      Optional<Wish> wish = WishReader.read(fields);
      List<Source> documents = documents(fields, file);
      Duration window = Durations.read(fields, "completion_window", WINDOW, WINDOW_STANDARD);
      ObjectNode metadata = metadata(fields);
      if (!faults.any()) {
        StrictJson.check(json, faults);
      }
      ObjectNode asked = wish.map(it -> asked(fields, it)).orElseGet(Json::object);
      if (faults.any()) {
        throw faults.problem().refusal();
      }
      return new PipelineRequest(asked, documents, window, metadata);
    }

    private ObjectNode asked(Fields fields, Wish wish) {
      List<Pool> pools = models.named(wish.model());
      if (pools.isEmpty()) {
        if (!wish.model().isEmpty() && !fields.faults().any()) {
          throw ProblemCode.MODEL_NOT_FOUND
              .with("No model is served under the name that was given.")
              .refusal();
        }
        return Json.object();
      }
      Room room =
          Room.of(wish, TokenCounters.forModel(pools.getFirst().model()), pools, promptTokensMax);
      Splitter.Size split = room.fitting(wish, fields);
      ObjectNode asked = Json.object();
      fields.json().properties().stream()
          .filter(field -> WishReader.NAMES.contains(field.getKey()))
          .filter(field -> !field.getValue().isNull())
          .forEach(field -> asked.set(field.getKey(), field.getValue()));
      asked.set(
          "split", Json.object().put("tokens", split.tokens()).put("overlap", split.overlap()));
      return asked.put("max_output_tokens", wish.maxOutputTokens());
    }

    private List<Source> documents(Fields fields, Files file) {
      fields.check(fields.has("documents"), "documents", "It is missing.");
      fields
          .any("documents")
          .filter(list -> list.isArray() && list.isEmpty())
          .ifPresent(empty -> fields.fault("documents", "It must not be empty."));
      List<Source> documents = new ArrayList<>();
      fields.objects(
          "documents",
          documentsMax,
          (index, document) -> documents.add(document(index, document, file)));
      return documents;
    }

    private static Source document(int index, Fields document, Files file) {
      document.allowOnly(Set.of("file_id", "text", "filename"));
      boolean isFile = document.has("file_id");
      if (isFile == document.has("text")) {
        document.fault("file_id", "Give a file_id, or a text.");
      }
      Optional<String> id = document.text("file_id", 1, FILE_ID_CHARS_MAX);
      Optional<Uploads.Upload> upload = id.flatMap(file::find);
      if (id.isPresent() && upload.isEmpty()) {
        document.fault("file_id", "There is no such file, or no longer.");
      }
      Optional<String> text = document.text("text", 1, Integer.MAX_VALUE);
      String name =
          document
              .text("filename", 1, FILENAME_CHARS_MAX)
              .or(() -> upload.map(Uploads.Upload::filename))
              .orElse("");
      return new Source(index, id, text, name);
    }

    private static ObjectNode metadata(Fields fields) {
      ObjectNode pairs = Json.object();
      fields
          .object("metadata")
          .ifPresent(
              metadata -> {
                int size = metadata.json().size();
                fields.check(size <= PAIRS_MAX, "metadata", "At most " + PAIRS_MAX + " pairs fit.");
                for (Map.Entry<String, JsonNode> pair : metadata.json().properties()) {
                  String name = pair.getKey();
                  metadata.check(
                      !name.isEmpty() && name.length() <= PAIR_NAME_CHARS_MAX,
                      name,
                      "A name must have 1 to " + PAIR_NAME_CHARS_MAX + " characters.");
                  metadata.check(!pair.getValue().isNull(), name, "It must be a string.");
                  metadata
                      .text(name, 0, PAIR_VALUE_CHARS_MAX)
                      .ifPresent(value -> pairs.put(name, value));
                }
              });
      return pairs;
    }
  }

  /** The files of one tenant. */
  interface Files {
    Optional<Uploads.Upload> find(String id);
  }
}
