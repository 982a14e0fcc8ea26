package io.sluice.worker;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Fleet;
import io.sluice.ModelFacts;
import io.sluice.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a worker's engines say of their models comes to the fleet, and does not cost them much. */
class ModelReportsTest extends WorkerRig {
  private static final Duration OFTEN = Duration.ofMillis(10);
  private static final Duration NEVER = Duration.ofHours(1);

  private Optional<ModelReports> reports = Optional.empty();

  @AfterEach
  void end() {
    reports.ifPresent(ModelReports::close);
  }

  private void tell(Duration refresh) {
    announce();
    ModelReports.Pace pace = new ModelReports.Pace(OFTEN, refresh, WITHIN);
    reports = Optional.of(new ModelReports(ports.fleet(), worker, pace));
    reports.get().start();
  }

  private void announce() {
    Worker.About about = new Worker.About("gpu-1", "1.2.3", Instant.ofEpochMilli(1));
    await(ports.fleet().announce(worker.report(about), Duration.ofMinutes(5)));
  }

  private List<ModelFacts> known() {
    return await(ports.fleet().all()).stream().map(Fleet.Member::models).findFirst().orElseThrow();
  }

  private static ModelFacts loaded(String model) {
    ModelFacts bare = ModelFacts.named(model);
    return new ModelFacts(
        model,
        bare.digest(),
        bare.bytes(),
        bare.modifiedAt(),
        bare.details(),
        bare.capabilities(),
        bare.contextTokens(),
        bare.info(),
        Optional.of(new ModelFacts.Loaded(1, 1, OptionalInt.empty(), Optional.empty())));
  }

  @Test
  void what_an_engine_serves_is_told_and_it_is_not_asked_again_for_a_while() {
    server.describing = models -> models.stream().sorted().map(ModelFacts::named).toList();
    start(1);
    tell(NEVER);
    eventually(
        () ->
            assertThat(known())
                .containsExactly(ModelFacts.named(POOL.model()), ModelFacts.named(OTHER.model())));
    int asked = server.described.get();
    announce();
    assertThat(known()).hasSize(2);
    assertThat(asked).isLessThanOrEqualTo(3);
  }

  @Test
  void only_models_that_are_served_are_asked_for() {
    server.notReady(OTHER, UNREACHABLE);
    server.describing = models -> models.stream().map(ModelFacts::named).toList();
    start(1);
    tell(NEVER);
    eventually(() -> assertThat(known()).containsExactly(ModelFacts.named(POOL.model())));
    server.ready(OTHER);
    eventually(() -> assertThat(known()).hasSize(2));
  }

  @Test
  void what_changed_at_an_engine_is_told_after_a_while() {
    server.describing = models -> models.stream().sorted().map(ModelFacts::named).toList();
    start(1);
    tell(OFTEN);
    eventually(() -> assertThat(known()).hasSize(2));
    server.describing = models -> List.of(loaded(POOL.model()));
    eventually(() -> assertThat(known()).containsExactly(loaded(POOL.model())));
  }

  @Test
  void an_engine_that_does_not_answer_is_asked_again_and_keeps_what_it_said_before() {
    server.describing =
        models -> {
          throw new Unavailable("engine", "away");
        };
    start(1);
    tell(Duration.ofMillis(60));
    eventually(() -> assertThat(server.described).hasValueGreaterThan(2));
    server.describing = models -> List.of(ModelFacts.named(POOL.model()));
    eventually(() -> assertThat(known()).hasSize(1));
    server.describing =
        models -> {
          throw new Unavailable("engine", "away");
        };
    int asked = server.described.get();
    eventually(() -> assertThat(server.described).hasValueGreaterThan(asked + 2));
    assertThat(known()).hasSize(1);
  }

  @Test
  void a_fleet_that_forgot_everything_hears_of_them_again() {
    server.describing = models -> List.of(ModelFacts.named(POOL.model()));
    start(1);
    tell(Duration.ofMillis(50));
    eventually(() -> assertThat(known()).hasSize(1));
    await(ports.fleet().leave("worker-1"));
    announce();
    eventually(() -> assertThat(known()).hasSize(1));
  }

  @Test
  void of_two_engines_the_word_of_the_one_that_has_the_model_loaded_counts() {
    ScriptedModelServer second = new ScriptedModelServer();
    server.describing = models -> List.of(ModelFacts.named(POOL.model()));
    second.describing = models -> List.of(loaded(POOL.model()));
    start(
        List.of(new EngineConfig("engine-1", server, 1), new EngineConfig("engine-2", second, 1)),
        WorkerConfig.of("worker-1", Set.of(POOL)));
    tell(OFTEN);
    eventually(() -> assertThat(known()).containsExactly(loaded(POOL.model())));
  }

  @Test
  void the_engines_of_a_drained_worker_are_left_alone() {
    start(1);
    worker.pause();
    tell(OFTEN);
    server.describing = models -> List.of(ModelFacts.named(POOL.model()));
    assertThat(server.described).hasValue(0);
    worker.resume();
    eventually(() -> assertThat(known()).hasSize(1));
  }
}
