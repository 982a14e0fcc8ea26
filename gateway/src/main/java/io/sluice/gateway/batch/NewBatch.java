package io.sluice.gateway.batch;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.gateway.problem.OpenAiMembers;
import io.sluice.gateway.submit.Durations;
import io.sluice.gateway.submit.Faults;
import io.sluice.gateway.submit.Fields;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The body of {@code POST /v1/batches}, read.
 *
 * @param window as it was written
 * @param outputKept how long the files of the batch are kept, if not as long as others
 */
record NewBatch(
    String inputFileId,
    String endpoint,
    String window,
    Map<String, String> metadata,
    Optional<Duration> outputKept) {
  private static final Set<String> NAMES =
      Set.of("input_file_id", "endpoint", "completion_window", "metadata", "output_expires_after");

  /** OpenAI takes 24h alone. */
  private static final Durations.Bounds WINDOW = new Durations.Bounds("1h", "168h");

  private static final long KEPT_SECONDS_MIN = 3_600;
  private static final long KEPT_SECONDS_MAX = 2_592_000;
  private static final int PAIRS_MAX = 16;
  private static final int PAIR_NAME_CHARS_MAX = 64;
  private static final int PAIR_VALUE_CHARS_MAX = 512;

  Duration windowTime() {
    return Durations.parse(window).orElseThrow();
  }

  /** Refuses what is not as it should be, with everything that is wrong with it. */
  static NewBatch read(JsonNode json, Endpoints endpoints) {
    Faults faults = new Faults();
    if (!json.isObject()) {
      faults.add("", "The body must be a JSON object.");
      throw faults.problem().refusal();
    }
    json.fieldNames().forEachRemaining(NewBatch::known);
    Fields fields = new Fields(json, "", faults);
    String file = fields.required("input_file_id", 1, 100);
    fields.check(fields.has("endpoint"), "endpoint", "It is missing.");
    Optional<String> endpoint =
        fields.oneOf("endpoint", endpoints.all().keySet().stream().sorted().toList());
    fields.check(fields.has("completion_window"), "completion_window", "It is missing.");
    Durations.read(fields, "completion_window", WINDOW, Duration.ofHours(24));
    NewBatch read =
        new NewBatch(
            file,
            endpoint.orElse(""),
            json.path("completion_window").asText(),
            metadata(fields),
            kept(fields));
    if (faults.any()) {
      throw faults.problem().refusal();
    }
    return read;
  }

  private static void known(String name) {
    if (!NAMES.contains(name)) {
      String told = name.length() > 64 ? name.substring(0, 64) + "…" : name;
      throw OpenAiMembers.refusal(
          told, "unknown_parameter", "There is no parameter '" + told + "'.");
    }
  }

  private static Map<String, String> metadata(Fields fields) {
    Map<String, String> pairs = new LinkedHashMap<>();
    fields
        .object("metadata")
        .ifPresent(
            metadata -> {
              int size = metadata.json().size();
              fields.check(size <= PAIRS_MAX, "metadata", "At most " + PAIRS_MAX + " pairs fit.");
              metadata.json().fieldNames().forEachRemaining(name -> pair(metadata, name, pairs));
            });
    return pairs;
  }

  private static void pair(Fields metadata, String name, Map<String, String> pairs) {
    boolean good = !name.isEmpty() && name.length() <= PAIR_NAME_CHARS_MAX;
    metadata.check(good, name, "A name must have 1 to " + PAIR_NAME_CHARS_MAX + " characters.");
    metadata.check(metadata.has(name), name, "It must be a string.");
    metadata.text(name, 0, PAIR_VALUE_CHARS_MAX).ifPresent(value -> pairs.put(name, value));
  }

  private static Optional<Duration> kept(Fields fields) {
    return fields
        .object("output_expires_after")
        .flatMap(
            after -> {
              boolean created = after.json().path("anchor").asText().equals("created_at");
              after.check(created, "anchor", "It must be \"created_at\".");
              after.check(after.has("seconds"), "seconds", "It is missing.");
              return after.whole("seconds", KEPT_SECONDS_MIN, KEPT_SECONDS_MAX);
            })
        .map(Duration::ofSeconds);
  }
}
