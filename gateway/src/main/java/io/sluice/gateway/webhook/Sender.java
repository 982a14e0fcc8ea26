package io.sluice.gateway.webhook;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Sends one message to one webhook, once, over a connection of its own: to the address that was
 * checked, under the name that was given. Follows no redirect, uses no proxy, and keeps nothing of
 * the answer but its status. Blocks; safe from any thread.
 */
final class Sender {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration BEYOND_DEADLINE = Duration.ofSeconds(2);
  private static final int ANSWER_HEAD_MAX = 8 * 1024;
  private static final int CONNECTIONS_MAX = 128;

  private final Vertx vertx;
  private final WebhookConfig config;
  private final WebhookUrl urls;
  private final CheckedHosts hosts;
  private final HttpClient client;

  Sender(Vertx vertx, WebhookConfig config, Names names) {
    this.vertx = vertx;
    this.config = config;
    this.urls = new WebhookUrl(config);
    this.hosts = new CheckedHosts(names, new AllowedAddresses(config.ranges()));
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setTrustOptions(TrustOptions.wrap(config.trust().trustManager()))
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
                .setKeepAlive(false)
                .setMaxInitialLineLength(ANSWER_HEAD_MAX)
                .setMaxHeaderSize(ANSWER_HEAD_MAX),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX));
  }

  /**
   * @param secrets at least one; the message has a signature of each
   */
  Answer send(URI url, Message message, List<WebhookSecret> secrets, Instant now)
      throws InterruptedException {
    Optional<String> address;
    try {
      // It was looked at when its job came in, maybe by a gateway or under settings that allow
      // more.
      urls.read(url.toString());
      address = hosts.address(host(url));
    } catch (UnknownHostException e) {
      return new Answer.None(Problem.UNREACHABLE, "its name is not known");
    } catch (IllegalArgumentException e) {
      return new Answer.None(Problem.UNREACHABLE, "it is not allowed here: " + e.getMessage());
    }
    if (address.isEmpty()) {
      return new Answer.None(Problem.UNREACHABLE, "its address is not allowed");
    }
    Exchange exchange =
        new Exchange(vertx, client, config.deadline())
            .begin(options(url, address.get(), message, secrets, now), message.body());
    return await(exchange);
  }

  private Answer await(Exchange exchange) throws InterruptedException {
    try {
      return exchange
          .answer()
          .toCompletionStage()
          .toCompletableFuture()
          .get(config.deadline().plus(BEYOND_DEADLINE).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      exchange.abort();
      throw e;
    } catch (ExecutionException | TimeoutException e) {
      exchange.abort();
      return new Answer.None(Problem.TIMEOUT, e.toString());
    }
  }

  private static String host(URI url) {
    String host = url.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static RequestOptions options(
      URI url, String address, Message message, List<WebhookSecret> secrets, Instant now) {
    int port = WebhookUrl.port(url);
    long timestamp = now.getEpochSecond();
    String signatures =
        secrets.stream()
            .map(secret -> secret.sign(message.id(), timestamp, message.body()))
            .collect(Collectors.joining(" "));
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setServer(SocketAddress.inetSocketAddress(port, address))
        .setHost(host(url))
        .setPort(port)
        .setSsl(url.getScheme().equalsIgnoreCase("https"))
        .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
        .setConnectTimeout(CONNECT.toMillis())
        .putHeader("Content-Type", "application/json")
        .putHeader("User-Agent", "Sluice-Webhooks/1")
        .putHeader("webhook-id", message.id())
        .putHeader("webhook-timestamp", String.valueOf(timestamp))
        .putHeader("webhook-signature", signatures);
  }

  void close() {
    client.close();
  }

  /** What a webhook answered. */
  sealed interface Answer {
    /**
     * @param retryAfter how long it wants to be left alone, if it said so in seconds
     */
    record Status(int status, Optional<Duration> retryAfter) implements Answer {}

    /**
     * There was no answer.
     *
     * @param detail for the operator's log alone
     */
    record None(Problem problem, String detail) implements Answer {}
  }

  /**
   * Why there was none, as far as tenants are told: whether a name exists that only this network
   * knows, or where it leads to, is not for them.
   */
  enum Problem {
    UNREACHABLE,
    TLS_FAILED,
    TIMEOUT,
    BROKEN_ANSWER,
    NO_SECRET;

    String wireName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
