package io.sluice.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Job;
import io.sluice.codec.Json;
import java.util.Optional;

/**
 * What a response is told by that its job does not need to run: kept with the job, as {@link
 * Job#surface}.
 *
 * @param background whether it goes on without a client
 * @param store whether it can be asked for later
 * @param previous the response that it goes on from
 * @param instructed whether the first message is the instructions
 * @param history how many messages, from the beginning, are not of this request's own input
 * @param echo fields of the request that only come back in the answer
 */
record Kept(
    boolean background,
    boolean store,
    Optional<String> previous,
    boolean instructed,
    int history,
    ObjectNode echo) {
  private static final String NAME = "response";

  /** Empty for a job that came in another way. */
  static Optional<Kept> of(Job job) {
    return job.surface()
        .map(Json::parse)
        .map(surface -> surface.get(NAME))
        .filter(JsonNode::isObject)
        .map(Kept::read);
  }

  private static Kept read(JsonNode json) {
    return new Kept(
        json.path("background").asBoolean(),
        json.path("store").asBoolean(true),
        Optional.ofNullable(json.get("previous")).map(JsonNode::asText),
        json.path("instructed").asBoolean(),
        json.path("history").asInt(),
        json.path("echo") instanceof ObjectNode echo ? echo : Json.object());
  }

  String json() {
    ObjectNode json = Json.object();
    ObjectNode kept = json.putObject(NAME).put("background", background).put("store", store);
    previous.ifPresent(id -> kept.put("previous", id));
    kept.put("instructed", instructed).put("history", history).set("echo", echo);
    return Json.write(json);
  }
}
