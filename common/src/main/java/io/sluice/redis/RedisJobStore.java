package io.sluice.redis;

import io.sluice.Ending;
import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.JobStore;
import io.sluice.codec.EndingCodec;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The store as scripts on a hash per job. */
final class RedisJobStore implements JobStore {
  /** A script holds the whole server up, so none looks at more records than this. */
  static final int LOOKS_PER_CALL = 500;

  private static final int BYTES_PER_PAGE = 4 * 1024 * 1024;

  private final Scripts redis;

  RedisJobStore(Scripts redis) {
    this.redis = redis;
  }

  @Override
  public Future<Lookup> find(JobId id, Optional<String> owner) {
    return redis.call(Script.FIND, id.value(), owner.orElse("")).map(RedisJobStore::lookup);
  }

  private static Lookup lookup(Reply reply) {
    return switch (reply.text(0)) {
      case "found" -> new Lookup.Found(Records.withJob(reply));
      case "absent" -> new Lookup.Absent();
      case "recovering" -> new Lookup.Recovering();
      default -> throw reply.unknown();
    };
  }

  @Override
  public Future<Page> list(Query query) {
    return redis
        .call(
            Script.LIST,
            query.tenant(),
            query.state().map(JobState::wireName).orElse(""),
            query.after().map(JobId::value).orElse(""),
            query.limit(),
            LOOKS_PER_CALL,
            BYTES_PER_PAGE)
        .map(RedisJobStore::page);
  }

  private static Page page(Reply reply) {
    List<JobRecord> jobs = new ArrayList<>();
    for (int i = 1; i < reply.size(); i++) {
      jobs.add(Records.withJob(reply.list(i)));
    }
    return new Page(jobs, Optional.of(reply.text(0)).filter(id -> !id.isEmpty()).map(JobId::new));
  }

  @Override
  public Future<Cancellation> cancel(JobId id) {
    return redis.call(Script.CANCEL, id.value(), nonce()).map(RedisJobStore::cancellation);
  }

  private static Cancellation cancellation(Reply reply) {
    return switch (reply.text(0)) {
      case "cancelled" -> new Cancellation.Cancelled(Records.withJob(reply));
      case "cancelling" -> new Cancellation.Cancelling(Records.withJob(reply));
      case "ended" -> new Cancellation.AlreadyEnded(Records.withJob(reply));
      default -> new Cancellation.Unknown(lookup(reply));
    };
  }

  @Override
  public Future<Boolean> end(JobId id, Ending ending) {
    return redis
        .call(Script.END, id.value(), ending.state().wireName(), EndingCodec.write(ending), nonce())
        .map(reply -> reply.number(0) == 1);
  }

  @Override
  public Future<List<Ended>> sweep(int limit) {
    return redis.call(Script.SWEEP, Math.min(limit, LOOKS_PER_CALL)).map(RedisJobStore::ended);
  }

  private static List<Ended> ended(Reply reply) {
    List<Ended> ended = new ArrayList<>();
    for (int i = 0; i < reply.size(); i += 3) {
      ended.add(
          new Ended(
              new JobId(reply.text(i)),
              JobState.ofWireName(reply.text(i + 1)),
              (int) reply.number(i + 2)));
    }
    return ended;
  }

  /** Tells the same call, sent twice, from another one. */
  private static String nonce() {
    return UUID.randomUUID().toString();
  }
}
