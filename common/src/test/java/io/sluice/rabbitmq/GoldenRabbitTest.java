package io.sluice.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.HandOver;
import io.sluice.JobMessage;
import io.sluice.Lane;
import io.sluice.LaneOrder;
import io.sluice.codec.JobCodec;
import io.sluice.codec.Json;
import io.sluice.golden.Golden;
import io.sluice.golden.Scene;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Workers and gateways of several versions on one RabbitMQ. */
class GoldenRabbitTest {
  private static final String FILE = "rabbitmq.json";
  private static final JobMessage MESSAGE = new JobMessage(Scene.WAITING, 2);
  private static final JobMessage HANDED_OVER =
      new JobMessage(Scene.WAITING, 0)
          .handedOver(
              new HandOver(
                  new LaneOrder.Turn(
                      new Lane.Ready(Scene.POOL, Scene.WAITING.jobClass(), 3), 1L << 52, 500),
                  Duration.ofMillis(750)));

  @Test
  void queues_and_messages_are_what_this_version_has_always_made() {
    ObjectNode made = Json.object();
    made.set("queues", queues());
    made.put("message", new String(JobCodec.write(MESSAGE), StandardCharsets.UTF_8));
    made.put("handed_over", new String(JobCodec.write(HANDED_OVER), StandardCharsets.UTF_8));
    Golden.assertWritten(FILE, made.toPrettyString() + "\n");
  }

  /** By their arguments. */
  private static JsonNode queues() {
    Topology topology = new Topology(Settings.DEFAULT, List.of(Scene.POOL));
    TreeMap<String, TreeSet<String>> names = new TreeMap<>();
    for (String queue : topology.queues()) {
      JsonNode arguments = Json.MAPPER.valueToTree(new TreeMap<>(topology.arguments(queue)));
      names.computeIfAbsent(Json.write(arguments), none -> new TreeSet<>()).add(queue);
    }
    return Json.MAPPER.valueToTree(names);
  }

  static List<JsonNode> all() {
    return Golden.all(FILE).stream().map(Json::parse).toList();
  }

  @ParameterizedTest
  @MethodSource("all")
  void what_an_older_version_sent_is_read(JsonNode made) {
    assertThat(JobCodec.readMessage(bytes(made.path("message").asText()))).isEqualTo(MESSAGE);
    assertThat(JobCodec.readMessage(bytes(made.path("handed_over").asText())))
        .isEqualTo(HANDED_OVER);
  }

  @ParameterizedTest
  @MethodSource("all")
  void what_a_newer_version_added_at_any_depth_is_ignored_and_sent_on(JsonNode made) {
    JsonNode newer = added(Json.parse(made.path("message").asText()));
    byte[] sent = bytes(Json.write(newer));
    assertThat(JobCodec.readMessage(sent).job().id()).isEqualTo(MESSAGE.job().id());
    assertThat(JobCodec.readMessage(sent).job().retry()).isEqualTo(MESSAGE.job().retry());
    JsonNode again = Json.parse(new String(JobCodec.withAttempt(sent, 7), StandardCharsets.UTF_8));
    assertThat(again).isEqualTo(((ObjectNode) newer).put("attempt", 7));
  }

  @ParameterizedTest
  @MethodSource("all")
  void an_older_version_need_not_have_sent_what_is_optional(JsonNode made) {
    ObjectNode older = (ObjectNode) Json.parse(made.path("message").asText());
    older.withObject("/job").remove(List.of("session", "webhook", "idempotency", "traceparent"));
    assertThat(JobCodec.readMessage(bytes(Json.write(older))).job().session()).isEmpty();
  }

  /** With a field more in every object of it. */
  private static JsonNode added(JsonNode json) {
    json.properties().forEach(field -> added(field.getValue()));
    if (json instanceof ObjectNode object) {
      object.putObject("colour").put("name", "blue");
    }
    return json;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
