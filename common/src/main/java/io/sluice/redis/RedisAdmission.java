package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.Forecast;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobId;
import io.sluice.Lane;
import io.sluice.Limit;
import io.sluice.Limits;
import io.sluice.codec.SharingCodec;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Admission as one script. */
final class RedisAdmission implements Admission {
  private static final int MARKS_PER_CALL = 500;

  /** The values of one level in an answer. */
  private static final int LEVEL_FIELDS = 6;

  private static final int TICKET = 3;
  private static final int FIRST_LEVEL = TICKET + Records.TICKET_FIELDS;

  private final Scripts redis;
  private final Limits fallback;
  private final Duration waitTarget;

  RedisAdmission(Scripts redis, Bounds bounds) {
    this.redis = redis;
    this.fallback = bounds.limits();
    this.waitTarget = bounds.waitTarget();
  }

  @Override
  public Future<Decision> admit(Entry entry) {
    Job job = entry.job();
    Limits all = entry.limits().or(fallback);
    List<Object> arguments = new ArrayList<>(List.of(Records.arguments(job, job.id().value())));
    arguments.add(job.principal());
    arguments.add(job.session().orElse(""));
    arguments.add(SMOOTHING_MAX.toMillis());
    arguments.add(running(all));
    arguments.add(job.pool().toString());
    arguments.add(job.jobClass() == JobClass.INTERACTIVE ? 1 : 0);
    arguments.add(waitTarget.toMillis());
    arguments.add(Lane.shared(job.tenant()));
    arguments.add(entry.weight());
    arguments.add(job.promptTokens());
    arguments.add(job.maxOutputTokens());
    arguments.add(millis(entry.forecast().flatMap(Forecast::p50)));
    arguments.add(millis(entry.forecast().flatMap(Forecast::p90)));
    arguments.add(entry.sharing().map(SharingCodec::write).orElse(""));
    all.bounds().forEach((limit, bound) -> add(arguments, limit, bound, all.shadow()));
    return redis.call(Script.ADMIT, arguments.toArray()).map(reply -> decision(job, reply));
  }

  private static Decision decision(Job job, Reply reply) {
    return reply.text(0).equals("answered")
        ? new Decision.Answered(standing(reply.list(1)), Records.of(job, reply.list(2)))
        : decision(reply);
  }

  private static String millis(Optional<Instant> time) {
    return time.map(it -> String.valueOf(it.toEpochMilli())).orElse("");
  }

  private static String running(Limits limits) {
    OptionalLong most = limits.enforced(Limit.TENANT_RUNNING_JOBS);
    return most.isPresent() ? String.valueOf(most.getAsLong()) : "";
  }

  private static void add(List<Object> arguments, Limit limit, long bound, Set<Limit> shadow) {
    if (limit != Limit.TENANT_RUNNING_JOBS) {
      arguments.addAll(
          List.of(
              limit.wireName(),
              limit.scope().name(),
              limit.unit().name().toLowerCase(Locale.ROOT),
              limit.window().toMillis(),
              bound,
              shadow.contains(limit) ? 1 : 0));
    }
  }

  @Override
  public Future<Optional<Decision>> replay(Job job) {
    return redis
        .call(Script.REPLAY, Records.arguments(job, job.id().value()))
        .map(reply -> reply.isEmpty() ? Optional.empty() : Optional.of(decision(reply)));
  }

  private static Decision decision(Reply reply) {
    return switch (reply.text(0)) {
      case "admitted" -> new Decision.Admitted(standing(reply), Records.ticket(reply, TICKET));
      case "replayed" -> new Decision.Replayed(Records.withJob(reply));
      case "reused" -> new Decision.KeyReused(new JobId(reply.text(1)));
      case "refused" -> new Decision.Refused(standing(reply));
      default -> throw reply.unknown();
    };
  }

  private static Standing standing(Reply reply) {
    List<Level> levels = new ArrayList<>();
    for (int i = FIRST_LEVEL; i < reply.size(); i += LEVEL_FIELDS) {
      levels.add(level(reply, i));
    }
    return new Standing(
        levels, Duration.ofMillis(reply.number(1)), Double.parseDouble(reply.text(2)));
  }

  private static Level level(Reply reply, int at) {
    long wait = reply.number(at + 5);
    return new Level(
        Limit.ofWireName(reply.text(at)).orElseThrow(),
        reply.number(at + 1),
        reply.number(at + 2),
        Duration.ofMillis(reply.number(at + 3)),
        Verdict.valueOf(reply.text(at + 4).toUpperCase(Locale.ROOT)),
        wait < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(wait)));
  }

  @Override
  public Future<Void> published(Collection<JobId> ids) {
    List<Future<Reply>> calls = new ArrayList<>();
    List<String> all = ids.stream().map(JobId::value).toList();
    for (int from = 0; from < all.size(); from += MARKS_PER_CALL) {
      List<String> some = all.subList(from, Math.min(all.size(), from + MARKS_PER_CALL));
      calls.add(redis.call(Script.PUBLISHED, some.toArray()));
    }
    return Future.all(calls).mapEmpty();
  }

  @Override
  public Future<Void> undo(JobId id) {
    return redis.call(Script.UNDO, id.value()).mapEmpty();
  }

  @Override
  public Future<Integer> refundUnpublished(Duration age, int limit) {
    return redis
        .call(Script.REFUND, age.toMillis(), Math.min(limit, RedisJobStore.LOOKS_PER_CALL))
        .map(reply -> (int) reply.number(0));
  }
}
