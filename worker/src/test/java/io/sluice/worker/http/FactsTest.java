package io.sluice.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.ModelFacts;
import io.sluice.codec.Json;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FactsTest {
  @Test
  void short_fields_stay_as_they_are_and_long_ones_are_left_out() {
    ObjectNode said = Json.object().put("a", 1.5).put("b", "word").put("c", true);
    said.put("license", "x".repeat(300)).putNull("tokens");
    said.putArray("families").add("qwen3");
    said.putArray("vocabulary").add("a").add(1);
    said.putObject("nested").put("a", 1);
    assertThat(Json.write(Facts.small(said)))
        .isEqualTo("{\"a\":1.5,\"b\":\"word\",\"c\":true,\"families\":[\"qwen3\"]}");
  }

  @Test
  void all_together_have_a_bound_however_many_there_are() {
    ObjectNode said = Json.object();
    for (int i = 0; i < 10_000; i++) {
      said.put("name" + i, "x".repeat(200));
    }
    assertThat(Json.write(Facts.small(said)).length())
        .isBetween(ModelFacts.CHARS_MAX / 2, ModelFacts.CHARS_MAX);
  }

  @Test
  void a_time_has_any_offset_and_any_digits() {
    assertThat(Facts.time(text("2026-08-21T20:48:22.123456789+02:00")))
        .contains(Instant.parse("2026-08-21T18:48:22.123456789Z"));
    assertThat(Facts.time(text("yesterday"))).isEmpty();
    assertThat(Facts.time(Json.MAPPER.missingNode())).isEmpty();
  }

  @Test
  void a_number_that_is_none_or_not_positive_is_not_known() {
    assertThat(Facts.bytes(text("7"))).isEmpty();
    assertThat(Facts.bytes(Json.parse("0"))).isEmpty();
    assertThat(Facts.bytes(Json.parse("1e30"))).isEmpty();
    assertThat(Facts.tokens(Json.parse("5000000000"))).isEmpty();
    assertThat(Facts.tokens(Json.parse("8192"))).hasValue(8192);
  }

  private static JsonNode text(String text) {
    return Json.MAPPER.getNodeFactory().textNode(text);
  }
}
