package io.sluice.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.Embedding;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.HandOver;
import io.sluice.Idempotency;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobEvent;
import io.sluice.JobId;
import io.sluice.JobKind;
import io.sluice.JobMessage;
import io.sluice.JobState;
import io.sluice.Jobs;
import io.sluice.Lane;
import io.sluice.LaneOrder;
import io.sluice.Limits;
import io.sluice.Output;
import io.sluice.Pool;
import io.sluice.RetryPolicy;
import io.sluice.Tenant;
import io.sluice.Timings;
import io.sluice.Usage;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {
  private static final Job FULL =
      new Job(
          new JobId("job_0190a2b3c4d57e6f8a9b0c1d2e3f4a5b"),
          "acme",
          "key7",
          Optional.of("chat-1"),
          JobKind.GENERATE,
          new Pool("qwen3:14b", 16384),
          JobClass.BATCH,
          "{\"prompt\":\"héllo \\u0000 🌍\"}",
          12,
          256,
          Instant.ofEpochMilli(1),
          Instant.ofEpochMilli(2),
          Instant.ofEpochMilli(3),
          Duration.ofSeconds(90),
          RetryPolicy.DEFAULT,
          Map.of("a", "b"),
          Optional.of(URI.create("https://example.com/hook")),
          Optional.of(new Idempotency("k", "f")),
          Optional.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));

  /** A message that version 1 wrote: this text must stay readable for ever. */
  private static final String GOLDEN =
      "{\"v\":1,\"attempt\":2,\"job\":{\"id\":\"job_0190a2b3c4d57e6f8a9b0c1d2e3f4a5b\",\"tenant\":\"acme\","
          + "\"principal\":\"key7\",\"session\":\"chat-1\",\"kind\":\"generate\",\"model\":\"qwen3:14b\","
          + "\"context\":16384,\"class\":\"batch\",\"request\":\"{\\\"prompt\\\":\\\"héllo \\\\u0000 🌍\\\"}\","
          + "\"prompt_tokens\":12,\"max_output_tokens\":256,\"created\":1,\"start_by\":2,\"finish_by\":3,"
          + "\"timeout\":90000,\"retry\":{\"attempts\":3,\"first\":1000,\"max\":60000},"
          + "\"metadata\":{\"a\":\"b\"},\"webhook\":\"https://example.com/hook\","
          + "\"idempotency\":{\"key\":\"k\",\"print\":\"f\"},"
          + "\"traceparent\":\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\"}}";

  @Test
  void what_a_surface_keeps_of_a_job_travels_with_it() {
    Job kept = FULL.surface("{\"response\":{\"background\":true}}");
    assertThat(JobCodec.readJob(JobCodec.write(kept))).isEqualTo(kept).isNotEqualTo(FULL);
    assertThat(JobCodec.readMessage(JobCodec.write(new JobMessage(kept, 2))).job()).isEqualTo(kept);
  }

  @Test
  void messages_are_written_as_version_1_has_always_written_them() {
    assertThat(new String(JobCodec.write(new JobMessage(FULL, 2)), StandardCharsets.UTF_8))
        .isEqualTo(GOLDEN);
    assertThat(JobCodec.readMessage(GOLDEN.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(new JobMessage(FULL, 2));
  }

  @Test
  void a_job_without_options_comes_back_as_it_was() {
    Job job = Jobs.chat().job();
    assertThat(JobCodec.readJob(JobCodec.write(job))).isEqualTo(job);
  }

  /** What waits in steps of a minute for a program that knows such jobs. */
  @Test
  void an_embed_job_has_a_version_that_older_programs_leave_alone() {
    Job job = Jobs.chat().embed("a", "b").job();
    byte[] message = JobCodec.write(new JobMessage(job, 1));
    assertThat(new String(message, StandardCharsets.UTF_8))
        .startsWith("{\"v\":2,")
        .contains("\"kind\":\"embed\"", "\"max_output_tokens\":0");
    assertThat(JobCodec.readMessage(message)).isEqualTo(new JobMessage(job, 1));
    assertThatThrownBy(
            () ->
                JobCodec.readMessage(
                    new String(message, StandardCharsets.UTF_8)
                        .replace("\"v\":2", "\"v\":3")
                        .getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(CodecException.Newer.class);
  }

  @Test
  void a_hand_over_comes_back_as_it_was() {
    JobMessage message = new JobMessage(FULL, 0);
    for (Lane lane :
        List.of(
            new Lane.Ready(FULL.pool(), FULL.jobClass(), 7),
            new Lane.Retry(FULL.pool(), FULL.jobClass()))) {
      JobMessage handed =
          message.handedOver(
              new HandOver(new LaneOrder.Turn(lane, 1L << 52, 900), Duration.ofMillis(750)));
      assertThat(JobCodec.readMessage(JobCodec.write(handed))).isEqualTo(handed);
    }
    assertThat(JobCodec.readMessage(JobCodec.write(message))).isEqualTo(message);
  }

  @Test
  void fields_that_a_newer_version_added_are_ignored() {
    String newer = GOLDEN.replace("\"attempt\":2", "\"attempt\":2,\"colour\":\"blue\"");
    assertThat(JobCodec.readMessage(newer.getBytes(StandardCharsets.UTF_8)).job()).isEqualTo(FULL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "{\"v\":2}", "{\"v\":1,\"attempt\":1,\"job\":{\"id\":\"x\"}}"})
  void bytes_that_are_no_message_are_refused(String text) {
    assertThatThrownBy(() -> JobCodec.readMessage(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(CodecException.class);
  }

  private static final String LOGPROBS =
      "[{\"token\":\"h\",\"logprob\":-0.0012345678901234567,\"bytes\":[104],"
          + "\"top_logprobs\":[{\"token\":\"h\",\"logprob\":-12}]}]";

  static List<Ending> endings() {
    Output output = new Output("text", Optional.of("hm"), List.of("{\"function\":{}}"));
    Failure why = new Failure(FailureCode.ENGINE_CRASHED, "the engine's runner died");
    Timings seen = Timings.seen(Duration.ofMillis(3), Duration.ofHours(30));
    Timings told =
        new Timings(
            Optional.empty(), Optional.of(Duration.ZERO), Optional.empty(), Optional.empty());
    return List.of(
        new Ending.Completed(
            new Output("text", Optional.empty(), List.of(), Optional.of(LOGPROBS)),
            new Usage(7, 42).with(seen)),
        new Ending.Incomplete(output, new Usage(7, 42).with(told)),
        new Ending.Completed(output, new Usage(7, 42)),
        new Ending.Incomplete(output, new Usage(7, 42)),
        new Ending.Failed(why, Output.NONE, Usage.NONE),
        new Ending.Cancelled(Optional.empty(), output, new Usage(1, 2)),
        new Ending.Cancelled(Optional.of(why), Output.NONE, Usage.NONE),
        new Ending.Completed(
            Output.NONE.with(List.of(new Embedding(0.1f, Float.MIN_VALUE), new Embedding(-0f))),
            new Usage(7, 0)),
        new Ending.Expired());
  }

  @Test
  void vectors_are_kept_as_openai_s_clients_read_them_and_in_no_other_ending() {
    Output output = Output.NONE.with(List.of(new Embedding(1, -2.5f)));
    assertThat(EndingCodec.write(new Ending.Completed(output, new Usage(7, 0))))
        .contains("\"embeddings\":[\"AACAPwAAIMA=\"]");
    assertThat(EndingCodec.write(new Ending.Completed(Output.NONE, Usage.NONE)))
        .doesNotContain("embeddings");
    assertThat(EmbeddingCodec.json(output.embeddings())).isEqualTo("[[1.0,-2.5]]");
    assertThat(EmbeddingCodec.json(List.of())).isEqualTo("[]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "AACAPwA=", "AADAfw==", "AACAfw==", "?"})
  void what_is_no_vector_is_refused(String packed) {
    assertThatThrownBy(() -> EmbeddingCodec.unpack(packed)).isInstanceOf(CodecException.class);
  }

  @ParameterizedTest
  @MethodSource("endings")
  void an_ending_comes_back_as_it_was(Ending ending) {
    assertThat(EndingCodec.read(EndingCodec.write(ending))).isEqualTo(ending);
  }

  @Test
  void an_ending_without_times_and_probabilities_is_read_as_older_versions_wrote_it() {
    assertThat(
            EndingCodec.read(
                "{\"state\":\"completed\",\"output\":{\"text\":\"text\",\"tool_calls\":[]},"
                    + "\"usage\":{\"prompt\":7,\"completion\":42}}"))
        .isEqualTo(
            new Ending.Completed(
                new Output("text", Optional.empty(), List.of()), new Usage(7, 42)));
  }

  static List<JobEvent> events() {
    return List.of(
        new JobEvent.Start(1),
        new JobEvent.Reset(2, "worker_lost"),
        new JobEvent.Token("a\nb 🌍"),
        new JobEvent.Thinking("hm"),
        new JobEvent.Token("a", Optional.of(LOGPROBS)),
        new JobEvent.Token("", Optional.of(LOGPROBS)),
        new JobEvent.Thinking("hm", Optional.of(LOGPROBS)),
        new JobEvent.ToolCall("{\"function\":{\"name\":\"f\"}}"),
        new JobEvent.End(JobState.COMPLETED));
  }

  @ParameterizedTest
  @MethodSource("events")
  void an_event_comes_back_as_it_was(JobEvent event) {
    assertThat(EventCodec.read(EventCodec.type(event), EventCodec.data(event))).isEqualTo(event);
  }

  @Test
  void a_tenant_that_an_older_program_wrote_weighs_as_much_as_any() {
    assertThat(TenantCodec.read("{\"name\":\"acme\",\"limits\":{},\"shadow\":[]}"))
        .isEqualTo(new Tenant("acme", Limits.NONE, 1));
  }
}
