package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
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
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where signatures are made and checked, seen from below: from the JDK's own provider. */
class SlowChecksTest {
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
