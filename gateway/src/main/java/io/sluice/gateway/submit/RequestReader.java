package io.sluice.gateway.submit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.JobClass;
import io.sluice.JobKind;
import io.sluice.codec.Json;
import io.sluice.gateway.webhook.WebhookUrl;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a body into a {@link JobRequest}, or refuses it with everything that is wrong with it. */
public final class RequestReader {
  private static final Set<String> ENVELOPE =
      Set.of(
          "model",
          "kind",
          "class",
          "session",
          "max_output_tokens",
          "queue_timeout",
          "timeout",
          "metadata",
          "webhook");

  private static final List<JobKind> KINDS = List.of(JobKind.values());

  private static final Durations.Bounds QUEUE_TIMEOUT = new Durations.Bounds("1s", "168h");
  private static final Durations.Bounds TIMEOUT = new Durations.Bounds("1s", "1h");
  private static final Duration TIMEOUT_STANDARD = Duration.ofSeconds(120);
  private static final int OUTPUT_TOKENS_MAX = 1_000_000;
  private static final int TOP_LOGPROBS_MAX = 20;
  private static final int PAIRS_MAX = 16;
  private static final int PAIR_NAME_CHARS_MAX = 64;
  private static final int PAIR_VALUE_CHARS_MAX = 512;
  static final int SESSION_CHARS_MAX = 128;

  /** The model server makes a grammar of a schema, and no limit counts that. */
  private static final int SCHEMA_CHARS_MAX = 64 * 1024;

  private RequestReader() {}

  /**
   * A body as JSON, or a refusal that says where it is not.
   *
   * @param webhooks which webhooks are taken
   */
  static JobRequest read(JsonNode json, WebhookUrl webhooks) {
    Faults faults = new Faults();
    if (!json.isObject()) {
      faults.add("", "It must be an object.");
      throw faults.problem().refusal();
    }
    Fields fields = new Fields(json, "", faults);
    Optional<JobKind> kind = kind(fields);
    fields.allowOnly(names(kind));
    kind.ifPresent(known -> checkRequest(known, fields));
    JobClass jobClass = jobClass(fields);
    JobRequest read =
        new JobRequest(
            kind.orElse(JobKind.CHAT),
            fields.required("model", 1, 200),
            jobClass,
            request(json, kind.orElse(JobKind.CHAT)),
            fields.integer("max_output_tokens", 1, OUTPUT_TOKENS_MAX),
            fields.text("session", 1, SESSION_CHARS_MAX),
            Durations.read(fields, "queue_timeout", QUEUE_TIMEOUT, patience(jobClass)),
            Durations.read(fields, "timeout", TIMEOUT, TIMEOUT_STANDARD),
            metadata(fields),
            webhook(fields, webhooks));
    if (!faults.any()) {
      StrictJson.check(json, faults);
    }
    if (faults.any()) {
      throw faults.problem().refusal();
    }
    return read;
  }

  private static Optional<JobKind> kind(Fields fields) {
    if (fields.has("kind")) {
      Optional<JobKind> kind =
          fields
              .oneOf("kind", KINDS.stream().map(JobKind::wireName).toList())
              .flatMap(RequestReader::kind);
      kind.ifPresent(it -> fields.check(fields.has(body(it)), body(it), "It is missing."));
      return kind;
    }
    List<JobKind> meant = KINDS.stream().filter(it -> fields.has(body(it))).toList();
    if (meant.size() != 1) {
      fields.fault("kind", "Give messages (a chat), prompt (generate) or input (embed).");
      return Optional.empty();
    }
    return Optional.of(meant.getFirst());
  }

  private static Optional<JobKind> kind(String name) {
    return KINDS.stream().filter(it -> it.wireName().equals(name)).findFirst();
  }

  private static String body(JobKind kind) {
    return switch (kind) {
      case CHAT -> "messages";
      case GENERATE -> "prompt";
      case EMBED -> "input";
    };
  }

  private static Set<String> names(JobKind kind) {
    return switch (kind) {
      case CHAT -> ChatFields.NAMES;
      case GENERATE -> GenerateFields.NAMES;
      case EMBED -> EmbedFields.NAMES;
    };
  }

  /** Where the kind is not known, whatever any kind takes is not worth another fault. */
  private static Set<String> names(Optional<JobKind> kind) {
    Set<String> names = new HashSet<>(ENVELOPE);
    if (kind.isPresent()) {
      names.addAll(names(kind.get()));
    } else {
      KINDS.forEach(any -> names.addAll(names(any)));
    }
    return names;
  }

  private static void checkRequest(JobKind kind, Fields fields) {
    switch (kind) {
      case CHAT -> {
        ChatFields.check(fields);
        checkGeneration(fields);
      }
      case GENERATE -> {
        GenerateFields.check(fields);
        checkGeneration(fields);
      }
      case EMBED -> EmbedFields.check(fields);
    }
  }

  private static void checkGeneration(Fields fields) {
    fields.object("options").ifPresent(Options::check);
    fields
        .any("format")
        .ifPresent(
            format ->
                fields.check(
                    format.isObject()
                        ? Json.write(format).length() <= SCHEMA_CHARS_MAX
                        : format.asText().equals("json"),
                    "format",
                    "It must be \"json\" or a JSON schema of 64 Ki characters at most."));
    fields
        .any("think")
        .ifPresent(
            think ->
                fields.check(
                    think.isBoolean()
                        || Set.of("low", "medium", "high", "max").contains(think.asText()),
                    "think",
                    "It must be true, false, \"low\", \"medium\", \"high\" or \"max\"."));
    checkLogprobs(fields);
  }

  private static void checkLogprobs(Fields fields) {
    fields
        .any("logprobs")
        .ifPresent(it -> fields.check(it.isBoolean(), "logprobs", "It must be true or false."));
    fields
        .integer("top_logprobs", 0, TOP_LOGPROBS_MAX)
        .ifPresent(
            others ->
                fields.check(
                    others == 0 || fields.json().path("logprobs").asBoolean(),
                    "top_logprobs",
                    "It needs logprobs to be true."));
  }

  private static ObjectNode request(JsonNode json, JobKind kind) {
    ObjectNode request = Json.object();
    json.properties().stream()
        .filter(field -> names(kind).contains(field.getKey()) && !field.getValue().isNull())
        .forEach(field -> request.set(field.getKey(), field.getValue()));
    return request;
  }

  private static JobClass jobClass(Fields fields) {
    return fields
        .oneOf("class", List.of("interactive", "batch"))
        .filter("batch"::equals)
        .map(batch -> JobClass.BATCH)
        .orElse(JobClass.INTERACTIVE);
  }

  private static Duration patience(JobClass jobClass) {
    return switch (jobClass) {
      case INTERACTIVE -> Duration.ofMinutes(10);
      case BATCH -> Duration.ofHours(24);
    };
  }

  private static Optional<URI> webhook(Fields fields, WebhookUrl webhooks) {
    Optional<String> text = fields.text("webhook", 1, WebhookUrl.CHARS_MAX);
    try {
      return text.map(webhooks::read);
    } catch (IllegalArgumentException e) {
      fields.fault("webhook", e.getMessage());
      return Optional.empty();
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
