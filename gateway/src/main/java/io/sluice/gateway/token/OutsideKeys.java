package io.sluice.gateway.token;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The published keys of one outside issuer. They are read anew for an unknown kid, and when they
 * are used and have become old, so that a key that was withdrawn stops counting; in all at most
 * five times a minute, evenly spaced, so that who makes up names keeps a new key out for 12 s and
 * no longer. What cannot be read leaves the old ones, for at most a day.
 */
final class OutsideKeys {
  private static final Logger LOG = LoggerFactory.getLogger(OutsideKeys.class);
  private static final Duration BETWEEN_READS = Duration.ofSeconds(12);
  private static final Duration OLD = Duration.ofMinutes(10);
  private static final Duration STALE_MAX = Duration.ofHours(24);
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final int BYTES_MAX = 256 * 1024;
  private static final int KEYS_MAX = 100;

  /** A client's token is never sent on: a redirect could lead anywhere. */
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(3))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private final OutsideIssuer issuer;
  private final WorkerExecutor readers;
  private final InstantSource clock;
  private final Duration deadline;
  private Instant readAt = Instant.MIN;
  private Future<Void> reading = Future.succeededFuture();
  private volatile Published published = new Published(Map.of(), Instant.EPOCH);

  OutsideKeys(OutsideIssuer issuer, WorkerExecutor readers, InstantSource clock) {
    this(issuer, readers, clock, DEADLINE);
  }

  /**
   * @param readers wait for the issuer, as long as it takes: not those who check signatures
   * @param deadline of one read, from the connection to the last byte
   */
  OutsideKeys(
      OutsideIssuer issuer, WorkerExecutor readers, InstantSource clock, Duration deadline) {
    this.issuer = issuer;
    this.readers = readers;
    this.clock = clock;
    this.deadline = deadline;
  }

  boolean isOf(String name) {
    return issuer.issuer().equals(name);
  }

  boolean has(String kid) {
    return known(kid).isPresent();
  }

  private Optional<VerificationKey> known(String kid) {
    Published now = published;
    Duration age = Duration.between(now.at(), clock.instant());
    if (age.compareTo(OLD) > 0 && now.keys().containsKey(kid)) {
      read(); // in the background: whoever asks now is answered by what is known
    }
    return age.compareTo(STALE_MAX) > 0
        ? Optional.empty()
        : Optional.ofNullable(now.keys().get(kid));
  }

  /** The key of this name, after a read if it is not known and one is allowed. */
  Future<Optional<VerificationKey>> find(String kid) {
    Optional<VerificationKey> known = known(kid);
    return known.isPresent() ? Future.succeededFuture(known) : read().map(done -> known(kid));
  }

  private synchronized Future<Void> read() {
    Instant now = clock.instant();
    if (reading.isComplete()
        && (readAt.equals(Instant.MIN) || !now.isBefore(readAt.plus(BETWEEN_READS)))) {
      readAt = now;
      reading =
          readers
              .<Void>executeBlocking(this::fetch, false)
              .otherwise(
                  e -> {
                    LOG.warn("the keys of {} stay as they were: {}", issuer.jwks(), e.toString());
                    return null;
                  });
    }
    return reading;
  }

  private Void fetch() throws IOException, InterruptedException, ParseException {
    HttpRequest request = HttpRequest.newBuilder(issuer.jwks()).timeout(deadline).build();
    HttpResponse<InputStream> answer =
        HTTP.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      // The deadline of the request ends with its headers.
      CompletableFuture.delayedExecutor(deadline.toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> close(body));
      byte[] bytes = body.readNBytes(BYTES_MAX + 1);
      if (answer.statusCode() != 200 || bytes.length > BYTES_MAX) {
        throw new IOException("status " + answer.statusCode() + " or too many bytes");
      }
      published =
          new Published(
              read(JWKSet.parse(new String(bytes, StandardCharsets.UTF_8))), clock.instant());
    }
    return null;
  }

  /** What was published when it was last read. */
  private record Published(Map<String, VerificationKey> keys, Instant at) {}

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      LOG.debug("a body was already gone: {}", e.toString());
    }
  }

  private Map<String, VerificationKey> read(JWKSet published) throws IOException {
    Map<String, VerificationKey> read = new HashMap<>();
    for (JWK jwk : published.getKeys().stream().limit(KEYS_MAX).toList()) {
      key(jwk).ifPresent(key -> read.put(key.kid(), key));
    }
    if (read.isEmpty()) {
      throw new IOException("no usable key among those published");
    }
    return Map.copyOf(read);
  }

  private Optional<VerificationKey> key(JWK jwk) {
    if (jwk.getKeyID() == null || KeyUse.ENCRYPTION.equals(jwk.getKeyUse())) {
      return Optional.empty();
    }
    try {
      return algorithm(jwk)
          .map(
              algorithm ->
                  new VerificationKey(
                      jwk.getKeyID(),
                      algorithm,
                      Signatures.of(algorithm, SigningKey.publicKey(jwk)),
                      new VerificationKey.Rules.Outside(issuer),
                      Instant.MAX));
    } catch (IllegalArgumentException unusable) {
      LOG.warn("a key of {} is left out: {}", issuer.issuer(), unusable.getMessage());
      return Optional.empty();
    }
  }

  /** The one algorithm of a key: by its kind, and not another than it says itself. */
  private static Optional<Algorithm> algorithm(JWK jwk) {
    Algorithm byKind =
        switch (jwk.getKeyType().getValue()) {
          case "RSA" -> Algorithm.RS256;
          case "EC" -> Algorithm.ES256;
          default -> Algorithm.EDDSA;
        };
    com.nimbusds.jose.Algorithm said = jwk.getAlgorithm();
    boolean other = said != null && !said.getName().equals(byKind.wireName());
    return other ? Optional.empty() : Optional.of(byKind);
  }
}
