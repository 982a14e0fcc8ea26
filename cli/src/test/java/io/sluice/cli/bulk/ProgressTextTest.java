package io.sluice.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ProgressTextTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void a_pipeline_says_its_documents_parts_speed_and_end() {
    PipelineProgress progress = new PipelineProgress(ZoneOffset.UTC);
    progress.line(pipeline(0), NOON.minusSeconds(10), 120);
    assertThat(progress.line(pipeline(12_340), NOON, 140))
        .isEqualTo(
            "███████░░░░░░░░░░░░░░░░░░░░░░░ 3/12 documents · 1 failed · 5/40 parts ·"
                + " 1,234 tokens/s · ends 13:30 (in 1 h 30 min)");
  }

  @Test
  void what_has_no_room_is_left_out_from_the_end() {
    PipelineProgress progress = new PipelineProgress(ZoneOffset.UTC);
    assertThat(progress.line(pipeline(0), NOON, 40))
        .isEqualTo("███░░░░░░░░░░░ 3/12 documents · 1 failed");
    assertThat(progress.line(pipeline(0), NOON, 16)).isEqualTo("3/12 documents");
  }

  @Test
  void a_log_has_all_the_words_and_no_bar() {
    assertThat(new PipelineProgress(ZoneOffset.UTC).line(pipeline(0), NOON, 0))
        .isEqualTo("3/12 documents · 1 failed · 5/40 parts · ends 13:30 (in 1 h 30 min)");
  }

  @Test
  void before_the_first_document_is_done_the_time_is_said_and_no_number_of_parts() {
    ObjectNode begun = FakeServer.pipeline(0, 0).put("status", "in_progress");
    begun.withObject("/counts/documents").put("total", 1);
    begun.withObject("/counts/parts").put("total", 0).put("completed", 0).put("failed", 0);
    begun.putNull("expected_end").put("created_at", NOON.minusSeconds(150).toString());
    assertThat(new PipelineProgress(ZoneOffset.UTC).line(begun, NOON, 0))
        .isEqualTo("0/1 document · none done yet, begun 3 min ago");
  }

  @Test
  void a_pause_is_said() {
    ObjectNode paused = pipeline(0).put("paused", true);
    assertThat(new PipelineProgress(ZoneOffset.UTC).line(paused, NOON, 120)).contains("paused");
    ObjectNode leaving = pipeline(0).put("status", "cancelling");
    assertThat(new PipelineProgress(ZoneOffset.UTC).line(leaving, NOON, 120))
        .contains("cancelling");
  }

  @Test
  void a_batch_says_its_lines_its_rate_and_when_it_ends() {
    BatchProgress progress = new BatchProgress(ZoneOffset.UTC);
    assertThat(progress.line(FakeServer.batch(0, 1000), NOON, 100)).contains("1,000/1,000 lines");
    ObjectNode half = FakeServer.batch(1500, 0).put("status", "in_progress");
    half.withObject("/request_counts").put("total", 15_000);
    assertThat(progress.line(half, NOON.plusSeconds(50), 100))
        .endsWith("1,500/15,000 lines · 10 lines/s · ends 12:23 (in 23 min)");
  }

  @Test
  void an_end_on_another_day_says_the_day() {
    assertThat(Amounts.end(NOON.plusSeconds(86_400), NOON, ZoneOffset.UTC))
        .isEqualTo("ends 2 Mar 12:00 (in 24 h)");
  }

  private static ObjectNode pipeline(long tokens) {
    ObjectNode pipeline = FakeServer.pipeline(2, 1).put("status", "in_progress");
    pipeline.withObject("/counts/documents").put("total", 12);
    pipeline.withObject("/counts/parts").put("completed", 5).put("total", 40);
    pipeline.withObject("/usage").put("prompt_tokens", tokens).put("completion_tokens", 0);
    return pipeline.put("expected_end", "2026-03-01T13:30:00Z");
  }
}
