package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.gateway.token.OutsideIssuer;
import io.vertx.core.Context;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where signatures are made and checked, seen from below: from the JDK's own provider. */
class SlowChecksTest {
  private static final int ISSUERS = 4;
  private static final List<Seen> SEEN = new CopyOnWriteArrayList<>();

  private final TestGateway sluice = new TestGateway(Minted::ed25519);

  @BeforeEach
  void watch() {
    SEEN.clear();
    Security.insertProviderAt(new Watching(), 1);
  }

  @AfterEach
  void close() {
    Security.removeProvider(Watching.NAME);
    sluice.close();
  }

  @Test
  void a_token_is_signed_and_checked_on_a_worker_and_checked_once() {
    String token = Minted.issue(sluice).json().path("access_token").asText();
    String forged = token.substring(0, token.length() - 8) + "AAAAAAAA";
    for (int i = 0; i < 20; i++) {
      assertThat(Minted.use(sluice, token).status()).isEqualTo(200);
    }
    assertThat(Minted.use(sluice, forged).status()).isEqualTo(401);
    assertThat(SEEN).extracting(Seen::what).containsExactly("sign", "verify", "verify");
    assertThat(SEEN)
        .allMatch(seen -> !seen.onEventLoop())
        .allMatch(seen -> seen.thread().startsWith("sluice-tokens"));
  }

  /** As many as there are threads for signatures, each with keys that never come. */
  @Test
  void issuers_that_do_not_answer_hold_up_no_signature() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        TestGateway other =
            new TestGateway(config -> outside(Minted.ed25519(config), silent.getLocalPort()))) {
      List<CompletableFuture<HttpResponse<Void>>> waiting =
          IntStream.range(0, ISSUERS)
              .mapToObj(
                  n ->
                      other
                          .client()
                          .sendAsync(
                              other.request(
                                  "GET", "/v1/jobs", "", "Authorization", "Bearer " + of(n)),
                              HttpResponse.BodyHandlers.discarding()))
              .toList();
      accept(silent, ISSUERS);
      assertThat(Minted.issue(other).status()).isEqualTo(200);
      assertThat(waiting).noneMatch(CompletableFuture::isDone);
    }
  }

  private static void accept(ServerSocket server, int times) throws IOException {
    server.setSoTimeout(20_000);
    for (int i = 0; i < times; i++) {
      server.accept();
    }
  }

  private static GatewayConfig outside(GatewayConfig config, int port) {
    URI keys = URI.create("http://127.0.0.1:" + port + "/keys");
    return config.tokens(
        config
            .tokens()
            .issuers(
                IntStream.range(0, ISSUERS)
                    .mapToObj(n -> new OutsideIssuer("https://" + n, keys, "sluice", "default"))
                    .toList()));
  }

  private static String of(int issuer) {
    return Minted.hs256(
        "{\"alg\":\"RS256\",\"kid\":\"a\"}",
        Minted.claims(0, 60, ",\"iss\":\"https://" + issuer + "\""),
        Minted.TENANT_SECRET);
  }

  private record Seen(String what, String thread, boolean onEventLoop) {}

  private static void see(String what) {
    SEEN.add(new Seen(what, Thread.currentThread().getName(), Context.isOnEventLoopThread()));
  }

  /** Has nothing but Ed25519, which it leaves to the JDK. */
  private static final class Watching extends Provider {
    static final String NAME = "Watching";

    private Watching() {
      super(NAME, "1", "tells who signs and checks");
      put("Signature.Ed25519", Ed25519.class.getName());
    }
  }

  /** Made by the JDK, by its name. */
  public static final class Ed25519 extends SignatureSpi {
    private final Signature jdk;

    public Ed25519() throws GeneralSecurityException {
      jdk = Signature.getInstance("Ed25519", "SunEC");
    }

    @Override
    protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
      jdk.initVerify(key);
    }

    @Override
    protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
      jdk.initSign(key);
    }

    @Override
    protected void engineUpdate(byte one) throws SignatureException {
      jdk.update(one);
    }

    @Override
    protected void engineUpdate(byte[] bytes, int from, int length) throws SignatureException {
      jdk.update(bytes, from, length);
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
      see("sign");
      return jdk.sign();
    }

    @Override
    protected boolean engineVerify(byte[] signature) throws SignatureException {
      see("verify");
      return jdk.verify(signature);
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {
      throw new InvalidParameterException(name);
    }

    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
      throw new InvalidParameterException(name);
    }
  }
}
