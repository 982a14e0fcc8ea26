package io.sluice.gateway.tls;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.gateway.trail.Trail;
import io.sluice.tls.CipherSuites;
import io.sluice.tls.Identity;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that the gateway shows. When its files change they are read anew; what is wrong
 * with them keeps the old one, is counted, and is told once. Only new handshakes see a new one.
 *
 * <p>{@link #load} comes first, then one thread looks.
 */
public final class ServerCertificate {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCertificate.class);
  private static final Duration SOON = Duration.ofDays(14);
  private static final Duration AGAIN = Duration.ofDays(1);

  private final TlsConfig config;
  private final InstantSource clock;
  private final Trail trail;
  private final MeterRegistry meters;
  private final Counter failed;
  private volatile Identity current;
  private String seen = "";
  private String changing = "";
  private Instant warned = Instant.MIN;

  public ServerCertificate(
      TlsConfig config, InstantSource clock, MeterRegistry meters, Trail trail) {
    this.config = config;
    this.clock = clock;
    this.meters = meters;
    this.trail = trail;
    this.failed =
        Counter.builder("sluice.tls.reload.failed")
            .description("Changed certificate files that could not be used")
            .register(meters);
  }

  /** Reads the files for the first time; blocks. Fails with a sentence where they are wrong. */
  public void load() {
    seen = FilesDigest.of(config.files());
    current = config.files().read();
    Gauge.builder("sluice.tls.certificate.expires.seconds", this, ServerCertificate::secondsLeft)
        .description("Seconds until the first certificate of the chain expires; negative after")
        .register(meters);
    warnOfExpiry();
  }

  public Duration lookEvery() {
    return config.look();
  }

  /** What a server offers with the certificate of now. */
  public ServerSSLOptions options() {
    ServerSSLOptions options =
        new ServerSSLOptions()
            .setKeyCertOptions(KeyCertOptions.wrap(current.keyManager()))
            .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
            .setUseAlpn(true)
            .setApplicationLayerProtocols(List.of("h2", "http/1.1"))
            .setSslHandshakeTimeout(config.handshake().toMillis())
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    CipherSuites.strong().forEach(options::addEnabledCipherSuite);
    return options;
  }

  /** Looks at the files, and swaps what is shown when they have changed and stand still. Blocks. */
  public void look(Swap swap) throws InterruptedException {
    warnOfExpiry();
    String now = FilesDigest.of(config.files());
    if (now.equals(seen)) {
      changing = "";
    } else if (now.equals(changing)) {
      seen = now;
      changing = "";
      reload(swap);
    } else {
      // Two files are never written in one moment: act when a second look sees the same.
      changing = now;
    }
  }

  private void reload(Swap swap) throws InterruptedException {
    Identity before = current;
    try {
      Identity fresh = config.files().read();
      if (!fresh.validAt(clock.instant())) {
        throw new IllegalArgumentException(
            config.files().certificate() + " has expired or is not valid yet");
      }
      current = fresh;
      swap.to(options());
      warned = Instant.MIN;
      LOG.info("the certificate was replaced: {}, expires {}", fresh, fresh.expires());
      trail.add(
          trail
              .event(Action.CERTIFICATE_RELOAD, Outcome.SUCCESS)
              .target(fresh.serial())
              .detail("expires", fresh.expires().toString()));
    } catch (RuntimeException e) {
      current = before;
      failed.increment();
      LOG.warn("the old certificate stays in use: {}", e.getMessage());
      trail.add(
          trail
              .event(Action.CERTIFICATE_RELOAD, Outcome.FAILED)
              .target(before.serial())
              .detail("reason", String.valueOf(e.getMessage())));
    }
  }

  private void warnOfExpiry() {
    Instant now = clock.instant();
    Instant expires = current.expires();
    if (now.plus(SOON).isAfter(expires) && now.isAfter(warned.plus(AGAIN))) {
      warned = now;
      LOG.warn(
          "the certificate {} {} {}",
          current,
          expires.isAfter(now) ? "expires soon:" : "has expired:",
          expires);
    }
  }

  private double secondsLeft() {
    return Duration.between(clock.instant(), current.expires()).toSeconds();
  }

  /** Gives servers other options; returns when new handshakes use them. */
  @FunctionalInterface
  public interface Swap {
    void to(ServerSSLOptions options) throws InterruptedException;
  }
}
