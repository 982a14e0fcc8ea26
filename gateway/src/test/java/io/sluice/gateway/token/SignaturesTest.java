package io.sluice.gateway.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Numbers that are no signature by any key, of which some checkers have taken every one. */
class SignaturesTest {
  private static final byte[] SIGNED = "head.body".getBytes(StandardCharsets.US_ASCII);
  private static final BigInteger ORDER = Curve.P_256.toECParameterSpec().getOrder();

  private final ECKey key;

  SignaturesTest() throws JOSEException {
    key = new ECKeyGenerator(Curve.P_256).generate();
  }

  static Stream<byte[]> nothing() {
    byte[] zero = new byte[32];
    byte[] one = new byte[32];
    one[31] = 1;
    byte[] order = Arrays.copyOfRange(ORDER.toByteArray(), 1, 33);
    return Stream.of(
        new byte[64],
        new byte[0],
        new byte[63],
        new byte[128],
        new byte[] {0x30, 6, 2, 1, 0, 2, 1, 0},
        joined(zero, one),
        joined(one, zero),
        joined(order, order),
        joined(order, one));
  }

  private static byte[] joined(byte[] r, byte[] s) {
    byte[] both = Arrays.copyOf(r, 64);
    System.arraycopy(s, 0, both, 32, 32);
    return both;
  }

  @ParameterizedTest
  @MethodSource("nothing")
  void nothing_is_no_signature_of_an_es256_key(byte[] signature) throws JOSEException {
    Signatures.Check check = Signatures.of(Algorithm.ES256, key.toECPublicKey());
    assertThat(check.passes(SIGNED, signature)).isFalse();
  }

  @Test
  void a_signature_of_an_es256_key_is_one() throws JOSEException {
    byte[] good = new ECDSASigner(key).sign(new JWSHeader(JWSAlgorithm.ES256), SIGNED).decode();
    Signatures.Check check = Signatures.of(Algorithm.ES256, key.toECPublicKey());
    assertThat(check.passes(SIGNED, good)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("nothing")
  void nothing_is_no_signature_of_an_eddsa_key(byte[] signature) throws GeneralSecurityException {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Signatures.Check check = Signatures.of(Algorithm.EDDSA, pair.getPublic());
    assertThat(check.passes(SIGNED, signature)).isFalse();
  }
}
