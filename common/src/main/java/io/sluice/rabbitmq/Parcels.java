package io.sluice.rabbitmq;

import io.sluice.HandOver;
import io.sluice.Job;
import io.sluice.JobMessage;
import io.sluice.Lane;
import io.sluice.codec.JobCodec;
import io.sluice.rabbitmq.Publication.Parcel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What is sent when. */
final class Parcels {
  /** The header that counts how often a message of a newer program was met by older ones. */
  static final String UNREAD = "unread";

  private static final int ENVELOPE_BYTES = 1024;
  private static final int REASON_CHARACTERS = 500;

  private Parcels() {}

  static Parcel job(Topology topology, Lane lane, JobMessage message) {
    Optional<Duration> life =
        message.handOver().filter(it -> lane instanceof Lane.Warm).map(HandOver::within);
    return job(topology.route(lane, message.job()), message, Map.of(), life);
  }

  /** As it came, but for its attempt: what a newer program wrote into it is not lost. */
  static Parcel again(Topology topology, Lane lane, Job job, byte[] body, int attempt) {
    return new Parcel(
        topology.route(lane, job),
        job.id().value(),
        Map.of(),
        Optional.empty(),
        () -> JobCodec.withAttempt(body, attempt),
        2 * body.length);
  }

  /** As it came, for a newer program to read; with how often nobody could. */
  static Parcel unread(Topology.Route route, byte[] body, int times) {
    return new Parcel(
        route, "newer", Map.of(UNREAD, times), Optional.empty(), () -> body, body.length);
  }

  static Parcel dead(Topology topology, JobMessage message, String reason) {
    String shortReason = reason.substring(0, Math.min(reason.length(), REASON_CHARACTERS));
    return job(
        topology.route(Lane.Aside.DEAD), message, Map.of("reason", shortReason), Optional.empty());
  }

  static Parcel unreadable(Topology topology, byte[] body) {
    return new Parcel(
        topology.route(Lane.Aside.DEAD),
        "unreadable",
        Map.of("reason", "unreadable"),
        Optional.empty(),
        () -> body,
        body.length);
  }

  private static Parcel job(
      Topology.Route route,
      JobMessage message,
      Map<String, Object> headers,
      Optional<Duration> life) {
    Job job = message.job();
    return new Parcel(
        route,
        job.id().value(),
        headers,
        life,
        () -> JobCodec.write(message),
        job.request().length() + ENVELOPE_BYTES);
  }
}
