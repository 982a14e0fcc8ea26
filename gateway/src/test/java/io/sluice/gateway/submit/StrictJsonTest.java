package io.sluice.gateway.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import io.sluice.gateway.problem.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever bytes come: a refusal, or JSON that is the same when it is written and read again. */
class StrictJsonTest {
  private static final long SEED = 20_260_102;
  private static final int CHANGED = 20_000;

  /** As one byte per character. */
  private static final List<String> SEEDS =
      List.of(
          "{\"model\":\"qwen3:14b\",\"messages\":[{\"content\":\"hi \\ud83d\\ude42 \u00c3\u00a9\"}]}",
          "[0,-0,0.0,1e308,-1E-308,1.50,123456789012345678901234567890,0e10]",
          "{\"a\":\"\\ud800\",\"\\udc00\":1}",
          "{\"a\":\"\u00f0\u009f\u0099\u0082\",\"b\":null,\"c\":[true,false]}",
          "{\"a\":1,\"b\":{\"a\":[[[[]]]]}}",
          "\"\\u0000\\n\\u2028\\/\\\"\"");

  @Test
  void what_is_taken_reads_the_same_again() {
    Random random = new Random(SEED);
    int taken = 0;
    for (int i = 0; i < CHANGED; i++) {
      byte[] body =
          changed(SEEDS.get(i % SEEDS.size()).getBytes(StandardCharsets.ISO_8859_1), random);
      taken += readsTheSameAgain(body, i) ? 1 : 0;
    }
    assertThat(taken).isBetween(CHANGED / 50, CHANGED - CHANGED / 50);
  }

  private static boolean readsTheSameAgain(byte[] body, int round) {
    JsonNode json;
    try {
      json = StrictJson.parse(body);
    } catch (Refusal refused) {
      assertThat(refused.problem().code().status()).isEqualTo(400);
      return false;
    }
    Faults faults = new Faults();
    StrictJson.check(json, faults);
    if (faults.any()) {
      return false;
    }
    String written = Json.write(json);
    JsonNode again = StrictJson.parse(written.getBytes(StandardCharsets.UTF_8));
    assertThat(Json.write(again)).as("seed %d, %d", SEED, round).isEqualTo(written);
    return true;
  }

  private static byte[] changed(byte[] seed, Random random) {
    byte[] body = seed.clone();
    for (int change = random.nextInt(3); change > 0; change--) {
      int at = random.nextInt(body.length);
      switch (random.nextInt(4)) {
        case 0 -> body[at] = (byte) random.nextInt(256);
        case 1 -> body[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> body = Arrays.copyOf(body, Math.max(1, at));
        default -> body[at] = body[random.nextInt(body.length)];
      }
    }
    return body;
  }
}
