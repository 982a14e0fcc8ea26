package io.sluice.redis;

import io.sluice.Ending;
import io.sluice.Idempotency;
import io.sluice.Job;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.Ticket;
import io.sluice.WebhookDelivery;
import io.sluice.Webhooks;
import io.sluice.codec.EndingCodec;
import io.sluice.codec.JobCodec;
import io.sluice.codec.SharingCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Jobs as arguments of scripts, and their answers as records. */
final class Records {
  /** After the answer's first word come this many fields, and then the job where it is sent. */
  private static final int FIELDS = 20;

  /** The fields of a ticket. */
  static final int TICKET_FIELDS = 3;

  private static final int TICKET = 11;
  private static final int WEBHOOK = TICKET + TICKET_FIELDS;
  private static final int CACHED = FIELDS;

  private Records() {}

  /** The arguments that birth.lua reads. */
  static List<Object> unborn(Job job) {
    return List.of(
        JobCodec.write(job),
        job.tenant(),
        job.idempotency().map(it -> idempotencyKey(job, it)).orElse(""),
        job.idempotency().map(Idempotency::fingerprint).orElse(""),
        job.startBy().toEpochMilli(),
        job.finishBy().toEpochMilli(),
        job.tokensAtMost(),
        job.webhook().map(Webhooks::origin).orElse(""));
  }

  /** Puts the job's own arguments behind others. */
  static Object[] arguments(Job job, Object... before) {
    List<Object> all = new ArrayList<>(List.of(before));
    all.addAll(unborn(job));
    return all.toArray();
  }

  // The length keeps apart what a colon in a tenant's name would join.
  private static String idempotencyKey(Job job, Idempotency it) {
    return "sluice:idem:" + job.tenant().length() + ":" + job.tenant() + ":" + it.key();
  }

  static JobRecord withJob(Reply reply) {
    return of(JobCodec.readJob(reply.text(FIELDS + 1)), reply);
  }

  static JobRecord of(Job job, Reply reply) {
    JobState state = JobState.ofWireName(reply.text(1));
    return new JobRecord(
        job,
        state,
        reply.number(2) == 1,
        (int) reply.number(3),
        (int) reply.number(4),
        (int) reply.number(5),
        reply.number(6),
        reply.instant(7),
        reply.instant(8),
        reply.instant(9),
        reply.optional(10).map(EndingCodec::read).map(ending -> as(state, ending)),
        reply.optional(TICKET).map(lane -> ticket(reply, TICKET)),
        reply.optional(WEBHOOK).map(webhook -> webhook(reply, WEBHOOK)),
        reply.optional(CACHED).flatMap(SharingCodec::readCached));
  }

  private static WebhookDelivery webhook(Reply reply, int first) {
    return new WebhookDelivery(
        WebhookDelivery.State.ofWireName(reply.text(first)),
        reply.optional(first + 1).map(Integer::parseInt).orElse(0),
        reply.optional(first + 2).map(Integer::parseInt),
        reply.optional(first + 3),
        reply.instant(first + 4),
        reply.instant(first + 5));
  }

  static Ticket ticket(Reply reply, int first) {
    return new Ticket((int) reply.number(first), reply.number(first + 1), reply.number(first + 2));
  }

  /** A cancelling job ends cancelled whatever its holder reported; the output is kept. */
  private static Ending as(JobState state, Ending ending) {
    if (state != JobState.CANCELLED || ending.state() == state) {
      return ending;
    }
    return new Ending.Cancelled(Optional.empty(), ending.output(), ending.usage());
  }
}
