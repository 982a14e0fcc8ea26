package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobId;
import io.sluice.JobState;
import io.sluice.Leases;
import io.sluice.worker.ScriptedModelServer.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an engine that is lost costs the jobs that run on it. */
class EngineLostTest extends WorkerRig {
  private final ScriptedModelServer second = new ScriptedModelServer();

  private WorkerConfig silence(Duration most) {
    return config()
        .with(
            new WorkerConfig.Deadlines(
                Duration.ofSeconds(60), most, Duration.ofSeconds(5), Duration.ofSeconds(5)));
  }

  private List<Job> submit(int jobs) {
    return IntStream.range(0, jobs).mapToObj(n -> submit(patient(chat()))).toList();
  }

  private List<Answer> running(int jobs) {
    return IntStream.range(0, jobs).mapToObj(n -> server.next()).toList();
  }

  private int losses(List<Job> jobs) {
    return jobs.stream().mapToInt(job -> record(job).losses()).sum();
  }

  private void assertCostOneLoss(List<Job> jobs, FailureCode why) throws Exception {
    jobs.forEach(job -> assertEnds(job, JobState.COMPLETED));
    assertThat(losses(jobs)).isOne();
    assertThat(jobs).allSatisfy(job -> assertThat(record(job).failures()).isZero());
    assertThat(retried)
        .extracting(Failure::code)
        .containsExactlyInAnyOrder(
            why, FailureCode.ENGINE_LOST, FailureCode.ENGINE_LOST, FailureCode.ENGINE_LOST);
    eventually(() -> assertThat(worker.gauges().busy()).isZero());
    assertThat(server.mostAtOnce()).isLessThanOrEqualTo(4);
    assertNoMessagesLeft();
  }

  @Test
  void a_hang_under_four_jobs_costs_exactly_one_of_them_a_loss() throws Exception {
    start(4, silence(Duration.ofSeconds(2)));
    List<Job> jobs = submit(4);
    List<Answer> hanging = running(4);
    server.answers(job -> ScriptedModelServer.answer("again"));
    hanging.forEach(answer -> answer.text("so far"));
    assertCostOneLoss(jobs, FailureCode.TOKEN_TIMEOUT);
    assertThat(hanging).allMatch(Answer::isClosed);
  }

  @Test
  void an_engine_that_dies_under_four_jobs_costs_exactly_one_of_them_a_loss() throws Exception {
    start(4);
    List<Job> jobs = submit(4);
    List<Answer> dying = running(4);
    server.answers(job -> ScriptedModelServer.answer("again"));
    dying.forEach(answer -> answer.fail(CRASHED));
    assertCostOneLoss(jobs, FailureCode.ENGINE_CRASHED);
  }

  @Test
  void a_job_that_hangs_alone_disturbs_none_of_those_beside_it() {
    start(3, silence(Duration.ofMillis(500)));
    List<Job> jobs = submit(3);
    List<Answer> all = running(3);
    Answer silent = all.getFirst();
    silent.text("so far");
    server.answers(job -> ScriptedModelServer.answer("again"));
    eventually(
        () -> {
          all.subList(1, 3).forEach(answer -> answer.text(" " + System.nanoTime()));
          assertThat(silent.isClosed()).isTrue();
        });
    all.subList(1, 3).forEach(Answer::done);
    jobs.forEach(job -> assertEnds(job, JobState.COMPLETED));
    for (Job job : jobs) {
      int more = job.id().equals(silent.job.id()) ? 1 : 0;
      assertThat(record(job).attempt()).isEqualTo(1 + more);
      assertThat(record(job).losses()).isEqualTo(more);
    }
  }

  @Test
  void the_job_that_brings_down_engines_becomes_poison_and_no_innocent_does() throws Exception {
    start(
        List.of(new EngineConfig("engine-1", server, 3), new EngineConfig("engine-2", second, 3)),
        config());
    Plague plague = new Plague(submit(patient(chat())).id(), submit(5));
    await().atMost(WITHIN.multipliedBy(2)).pollInterval(Duration.ofMillis(5)).until(plague::isOver);

    assertThat(record(plague.bad).ending().flatMap(Ending::failure).map(Failure::code))
        .contains(FailureCode.POISON);
    for (Job innocent : plague.innocents) {
      assertEnds(innocent, JobState.COMPLETED);
      assertThat(record(innocent).failures()).isZero();
      assertThat(record(innocent).losses()).isLessThan(Leases.MAX_LOSSES);
    }
    eventually(() -> assertThat(worker.gauges().busy()).isZero());
    assertThat(worker.gauges().parked()).isZero();
    assertNoMessagesLeft();
  }

  /**
   * Two engines, of which the one with the bad job dies under all that run there, and the bad one
   * tells it last. Every innocent is answered that has not met it for a while; after each death
   * there is a new one.
   */
  private final class Plague {
    private static final long A_WHILE_NANOS = 300_000_000;

    private final JobId bad;
    private final List<Job> innocents;
    private final Map<Answer, Long> running = new HashMap<>();

    private Plague(JobId bad, List<Job> innocents) {
      this.bad = bad;
      this.innocents = new ArrayList<>(innocents);
    }

    private boolean isOver() {
      for (ScriptedModelServer engine : List.of(server, second)) {
        engine.poll().ifPresent(answer -> running.put(answer, System.nanoTime()));
        running.keySet().removeIf(Answer::isClosed);
        Optional<Answer> here = of(engine).filter(it -> it.job.id().equals(bad)).findFirst();
        here.ifPresent(it -> mayDie(engine, it));
        if (here.isEmpty()) {
          of(engine).filter(this::isOld).forEach(Answer::done);
        }
      }
      return innocents.stream().allMatch(job -> record(job).state() == JobState.COMPLETED)
          && record(bad).state() == JobState.FAILED;
    }

    private void mayDie(ScriptedModelServer engine, Answer it) {
      if (of(engine).count() > 1 || isOld(it)) {
        of(engine).filter(answer -> answer != it).forEach(answer -> answer.fail(CRASHED));
        it.fail(CRASHED);
        running.keySet().removeIf(answer -> answer.server() == engine);
        innocents.add(submit(patient(chat())));
      }
    }

    private Stream<Answer> of(ScriptedModelServer engine) {
      return List.copyOf(running.keySet()).stream().filter(it -> it.server() == engine);
    }

    private boolean isOld(Answer answer) {
      return System.nanoTime() - running.get(answer) > A_WHILE_NANOS;
    }
  }
}
