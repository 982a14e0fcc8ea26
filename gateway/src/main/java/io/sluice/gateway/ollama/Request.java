package io.sluice.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.JobKind;
import io.sluice.codec.Json;
import io.sluice.gateway.held.HeldConfig.Failures;
import io.sluice.gateway.held.Order;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.submit.Faults;
import io.sluice.gateway.submit.Fields;
import java.time.InstantSource;
import java.util.List;

/**
 * What chat and generate have in common: the fields around the prompt. A field that nobody knows is
 * passed over, as by Ollama; one of the wrong type is a fault.
 */
abstract class Request {
  private final Faults faults = new Faults();
  private final Fields fields;
  private final Failures failures;
  private final InstantSource clock;

  Request(JsonNode json, Failures failures, InstantSource clock) {
    if (!json.isObject()) {
      throw ProblemCode.MALFORMED_JSON.with("The body must be an object.").refusal();
    }
    this.fields = new Fields(json, "", faults);
    this.failures = failures;
    this.clock = clock;
  }

  abstract JobKind kind();

  abstract Shape shape();

  /** Whether there is nothing to say: Ollama then loads the model, or lets go of it. */
  abstract boolean isEmpty();

  /** Adds the prompt to the body of a job. */
  abstract void prompt(ObjectNode job);

  final Fields fields() {
    return fields;
  }

  final Order order() {
    String model = fields.required("model", 1, 200);
    boolean stream = bool("stream", true);
    bool("truncate", true);
    bool("shift", true);
    Seconds keepAlive = Seconds.read(fields, "keep_alive");
    Lines lines = new Lines(model, shape(), clock);
    if (isEmpty()) {
      refuseFaults();
      return new Order.Immediate(
          kind(),
          model,
          problem -> phrased(problem, model),
          lines.loaded(keepAlive.isZero() ? "unload" : "load"));
    }
    ObjectNode job = job(model);
    refuseFaults();
    return stream
        ? new Order.Streamed(
            job, problem -> phrased(problem, model), record -> new OllamaVoice(lines, failures))
        : new Order.Whole(job, problem -> phrased(problem, model), lines::whole);
  }

  private ObjectNode job(String model) {
    ObjectNode job = Json.object().put("kind", kind().wireName()).put("model", model);
    prompt(job);
    copyUnlessEmpty("format", job);
    copyUnlessEmpty("think", job);
    copyLogprobs(job);
    SamplingOptions.copy(fields, job);
    return job;
  }

  /**
   * How many others are wished matters only where probabilities are; some clients always say it.
   */
  private void copyLogprobs(ObjectNode job) {
    job.setAll(some(fields.json(), List.of("logprobs", "top_logprobs")));
    if (!bool("logprobs", false) && job.path("top_logprobs").isIntegralNumber()) {
      job.remove("top_logprobs");
    }
  }

  /** An empty text means that nothing was wished, as null does. */
  private void copyUnlessEmpty(String name, ObjectNode job) {
    fields
        .any(name)
        .filter(value -> !(value.isTextual() && value.textValue().isEmpty()))
        .ifPresent(value -> job.set(name, value));
  }

  final boolean bool(String name, boolean standard) {
    return fields
        .any(name)
        .filter(value -> fields.check(value.isBoolean(), name, "It must be true or false."))
        .map(JsonNode::booleanValue)
        .orElse(standard);
  }

  private void refuseFaults() {
    if (faults.any()) {
      throw faults.problem().refusal();
    }
  }

  /** The fields that are there and not null, of those that are named. */
  static ObjectNode some(JsonNode object, List<String> names) {
    ObjectNode copy = Json.object();
    names.stream().filter(object::hasNonNull).forEach(name -> copy.set(name, object.get(name)));
    return copy;
  }

  /** In the words that Ollama has for it, which clients look for. */
  private static Problem phrased(Problem problem, String model) {
    if (problem.code() == ProblemCode.MODEL_NOT_FOUND) {
      return problem.detail("model '" + model + "' not found");
    }
    return OllamaNames.of(problem);
  }
}
