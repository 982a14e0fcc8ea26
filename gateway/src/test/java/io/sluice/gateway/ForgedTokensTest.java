package io.sluice.gateway;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import io.micrometer.core.instrument.Counter;
import io.sluice.AuditEvent;
import io.sluice.AuditLog;
import io.sluice.TokenKey;
import io.sluice.codec.Json;
import io.sluice.file.AuditReader;
import io.sluice.file.FileAudit;
import io.sluice.file.FileAuditConfig;
import io.sluice.file.Verdict;
import io.sluice.gateway.TestGateway.Answer;
import io.sluice.gateway.token.Algorithm;
import io.sluice.gateway.token.Binding;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** RFC 8725 as a table: every forged token is the same 401, and is in the audit log. */
class ForgedTokensTest {
  private static final String HEADER = "{\"alg\":\"HS256\",\"kid\":\"team-1\"}";
  private static final byte[] SECRET = Minted.TENANT_SECRET;

  private static final AuditLog.Query REFUSED_LOGINS =
      new AuditLog.Query(
          Optional.empty(),
          Optional.empty(),
          Optional.of("127.0.0.1"),
          Optional.empty(),
          Optional.of(AuditEvent.Action.AUTHENTICATE),
          Optional.of(AuditEvent.Outcome.REFUSED),
          Optional.empty(),
          Optional.empty(),
          1_000);

  private TestGateway sluice;
  private String own;

  @BeforeEach
  void open() {
    sluice = new TestGateway(Minted::configured);
    await(sluice.tokenKeys.add(Minted.tenantKey("default")));
    own = Minted.issue(sluice).json().path("access_token").asText();
  }

  @AfterEach
  void close() {
    sluice.close();
  }

  @Test
  void a_number_that_no_parser_can_hold_is_401_too() {
    String part =
        Minted.part("{\"alg\":\"HS256\",\"kid\":\"a\",\"n\":1E56789012345678901234567890}");
    assertThat(Minted.use(sluice, part + "." + part + ".AAAA").status()).isEqualTo(401);
  }

  @Test
  void the_tokens_that_the_forgeries_are_made_of_are_good() {
    assertThat(Minted.use(sluice, own).status()).isEqualTo(200);
    assertThat(Minted.use(sluice, good()).status()).isEqualTo(200);
    String[] parts = own.split("\\.");
    String ours = oursOver(decode(parts[0]), decode(parts[1]));
    assertThat(ours).as("signed as the gateway does").isEqualTo(own);
    String list = Minted.claims(0, 60, ",\"aud\":[\"x\",\"sluice\"]");
    assertThat(Minted.use(sluice, Minted.hs256(HEADER, list, SECRET)).status()).isEqualTo(200);
    for (String scope :
        List.of("\"batch batch\"", "[\"batch\",\"batch\"]", "\"batch x batch x\"")) {
      String twice = Minted.claims(0, 60, "").replace("\"ollama:chat batch\"", scope);
      assertThat(Minted.use(sluice, Minted.hs256(HEADER, twice, SECRET)).status())
          .as(scope)
          .isEqualTo(200);
    }
    assertThat(sluice.audit.events)
        .noneMatch(event -> event.outcome() == AuditEvent.Outcome.REFUSED);
  }

  @TestFactory
  Stream<DynamicTest> every_forged_token_is_the_same_401_and_is_audited() {
    Answer nonsense = Minted.use(sluice, "nonsense");
    return forged().entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> isRefused(entry.getValue(), nonsense)));
  }

  private void isRefused(String token, Answer nonsense) {
    double before = refused();
    Answer answer = Minted.use(sluice, token);
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body()).isEqualTo(nonsense.body());
    assertThat(told(answer)).isEqualTo(told(nonsense));
    assertThat(answer.header("WWW-Authenticate"))
        .isEqualTo("Bearer realm=\"sluice\", error=\"invalid_token\"");
    assertThat(refused()).isEqualTo(before + 1);
  }

  /** All headers but the time of day. */
  private static Map<String, List<String>> told(Answer answer) {
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(answer.headers());
    headers.remove("Date");
    return headers;
  }

  @Test
  void every_forged_token_is_found_in_the_files_of_the_audit_log_and_they_verify(
      @TempDir Path data) {
    FileAuditConfig files = FileAuditConfig.in(data);
    Collection<String> forged = forged().values();
    try (FileAudit written = FileAudit.open(files, InstantSource.system())) {
      sluice.audit.copy = Optional.of(written);
      assertThat(forged).allMatch(token -> Minted.use(sluice, token).status() == 401);
      await(sluice.gateway.stop());
    }
    try (FileAudit read = FileAudit.open(files, InstantSource.system())) {
      assertThat(times(await(read.search(REFUSED_LOGINS)))).isEqualTo(forged.size());
    }
    Verdict verdict = new AuditReader(files).verify(Optional.empty());
    assertThat(verdict.flaw()).isEmpty();
    assertThat(verdict.entries()).isPositive();
  }

  @Test
  void every_forged_token_is_in_the_audit_log_alone_or_with_its_like() {
    Collection<String> forged = forged().values();
    sluice.audit.events.clear();
    forged.forEach(token -> Minted.use(sluice, token));
    await(sluice.gateway.stop());
    List<AuditEvent> refusals =
        sluice.audit.events.stream()
            .filter(event -> event.action() == AuditEvent.Action.AUTHENTICATE)
            .toList();
    assertThat(refusals)
        .allMatch(event -> event.outcome() == AuditEvent.Outcome.REFUSED)
        .allMatch(event -> event.details().containsKey("cause"))
        .allMatch(event -> event.address().equals(Optional.of("127.0.0.1")))
        .noneMatch(event -> forged.stream().anyMatch(event.toString()::contains));
    assertThat(times(refusals)).isEqualTo(forged.size());
  }

  /** Well signed, by keys that this gateway knows, and still not for it or not for now. */
  @Test
  void own_tokens_of_another_deployment_or_another_time_are_the_same_401() {
    Instant now = Instant.now();
    assertThat(sister(config -> config, now).status()).as("of this deployment, now").isEqualTo(200);
    String nonsense = Minted.use(sluice, "nonsense").body();
    Map<String, Answer> answers =
        Map.of(
            "iss", sister(config -> Minted.named(config, "elsewhere"), now),
            "aud", sister(config -> Minted.heard(config, "elsewhere"), now),
            "expired", sister(config -> config, now.minusSeconds(1_000)),
            "future", sister(config -> config, now.plusSeconds(300)));
    answers.forEach(
        (what, answer) -> {
          assertThat(answer.status()).as(what).isEqualTo(401);
          assertThat(answer.body()).as(what).isEqualTo(nonsense);
        });
  }

  /** Shows this gateway a token of another one, whose keys it has. */
  private Answer sister(UnaryOperator<GatewayConfig> settings, Instant time) {
    try (TestGateway other =
        new TestGateway(config -> settings.apply(Minted.ed25519(config)), () -> time)) {
      await(sluice.directory.add(await(other.directory.keys()).getFirst()));
      String token = Minted.issue(other).json().path("access_token").asText();
      await(other.tokenKeys.keys()).forEach(key -> await(sluice.tokenKeys.add(key)));
      sluice.grants.adopt(other.grants);
      return Minted.use(sluice, token);
    }
  }

  private static int times(List<AuditEvent> events) {
    return events.stream().mapToInt(event -> Integer.parseInt(event.details().get("times"))).sum();
  }

  private double refused() {
    return sluice.meters.find("sluice.auth.refused").counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  private static String good() {
    return Minted.hs256(HEADER, Minted.claims(0, 60, ""), SECRET);
  }

  private Map<String, String> forged() {
    Map<String, String> table = new LinkedHashMap<>();
    forms(table);
    headers(table);
    claims(table);
    ownTokens(table);
    return table;
  }

  private void forms(Map<String, String> table) {
    String good = good();
    table.put("two parts", good.substring(0, good.lastIndexOf('.')));
    table.put("no signature", good.substring(0, good.lastIndexOf('.') + 1));
    table.put("four parts", good + ".x");
    table.put("five parts", good + ".x.y");
    table.put("dots appended", good + "....");
    table.put("padding appended", good + "=");
    table.put("braces", "{" + good + "}");
    table.put("truncated", good.substring(0, good.length() - 5));
    table.put("huge", good + "A".repeat(4_097 - good.length()));
    for (String gap : new String[] {" ", "\t", "%0A", "%20", "\\n"}) {
      table.put("a gap of " + gap.length() + gap.strip(), good.replaceFirst("\\.", "." + gap));
      table.put("a gap inside of " + gap.length() + gap.strip(), gapped(good, gap));
    }
    table.put("claims in lines, as mail has them", inLines());
    table.put("header is no JSON", Minted.hs256("x", Minted.claims(0, 60, ""), SECRET));
    table.put("header is a list", Minted.hs256("[]", Minted.claims(0, 60, ""), SECRET));
    table.put("claims are no JSON", Minted.hs256(HEADER, "x", SECRET));
    table.put("deep claims", more(",\"x\":" + "[".repeat(9) + "]".repeat(9)));
    table.put("claims are no UTF-8", rawClaims(new byte[] {'{', '"', (byte) 0xc3, '"', '}'}));
    table.put("a duplicate claim", more(",\"sub\":\"bob\""));
    for (char other : new char[] {'A', 'B', 'C', 'D'}) {
      String changed = good.substring(0, good.length() - 1) + other;
      if (!changed.equals(good)) {
        table.put("last character " + other, changed);
      }
    }
  }

  private static String gapped(String token, String gap) {
    int inside = token.indexOf('.') + 5;
    return token.substring(0, inside) + gap + token.substring(inside);
  }

  /** Well signed over spaces where line breaks would be, as which a lenient decoder skips them. */
  private static String inLines() {
    String claims = Minted.part(Minted.claims(0, 60, ""));
    return Minted.signed(Minted.part(HEADER) + "." + gapped("." + claims, "  "), SECRET);
  }

  private void headers(Map<String, String> table) {
    for (String algorithm : new String[] {"none", "None", "nOnE", "HS384", "hs256", "RS256", ""}) {
      table.put("alg " + algorithm, header("\"alg\":\"" + algorithm + "\",\"kid\":\"team-1\""));
    }
    table.put("no alg", header("\"kid\":\"team-1\""));
    table.put("no kid", header("\"alg\":\"HS256\""));
    String[] kids = {
      "../../etc/passwd", "' OR 1=1 --", "*", "a\\r\\nb", "unknown", "team-1\\u0000", "team-\u0661"
    };
    for (String kid : kids) {
      table.put("kid " + kid, header("\"alg\":\"HS256\",\"kid\":\"" + kid + "\""));
    }
    String[] banned = {
      "\"crit\":[\"x\"]",
      "\"crit\":[\"b64\"],\"b64\":false",
      "\"jku\":\"http://127.0.0.1\"",
      "\"x5u\":\"http://127.0.0.1\"",
      "\"jwk\":{}",
      "\"x5c\":[]",
      "\"kid\":\"team-1\"",
      "\"typ\":\"refresh+jwt\"",
      "\"typ\":7"
    };
    for (String member : banned) {
      table.put("header " + member, header("\"alg\":\"HS256\",\"kid\":\"team-1\"," + member));
    }
    table.put(
        "a foreign secret",
        Minted.hs256(
            HEADER,
            Minted.claims(0, 60, ""),
            "another secret of 32 bytes......".getBytes(StandardCharsets.US_ASCII)));
  }

  private void claims(Map<String, String> table) {
    table.put("expired", times(-120, -60));
    table.put("issued in the future", times(300, 600));
    table.put("lives a hundred years", times(0, 3_153_600_000L));
    table.put("lives over two hours", times(0, 7_300));
    table.put("ends before it begins", times(20, 10));
    table.put("not yet", more(",\"nbf\":4102444800"));
    table.put("nbf is a text", more(",\"nbf\":\"now\""));
    table.put("wrong aud", more(",\"aud\":\"other\""));
    table.put("aud of a number", more(",\"aud\":7"));
    table.put("wrong iss", more(",\"iss\":\"other\""));
    table.put("another tenant", more(",\"tenant\":\"other\""));
    String whole = Minted.claims(0, 60, "");
    for (String claim : new String[] {"sub", "iat", "exp", "scope"}) {
      String without =
          whole.replaceAll("\"" + claim + "\":(\"[^\"]*\"|[0-9]+),?", "").replace(",}", "}");
      table.put("no " + claim, Minted.hs256(HEADER, without, SECRET));
    }
    lattice(table, whole);
    table.put(
        "exp is a text",
        Minted.hs256(HEADER, whole.replaceAll("\"exp\":([0-9]+)", "\"exp\":\"$1\""), SECRET));
    table.put(
        "exp in other digits",
        Minted.hs256(
            HEADER, whole.replaceAll("\"exp\":([0-9]+)", "\"exp\":\u0661\u0667\u0661"), SECRET));
    table.put(
        "exp is a fraction",
        Minted.hs256(HEADER, whole.replaceAll("\"exp\":([0-9]+)", "\"exp\":$1.5"), SECRET));
    table.put(
        "exp is huge",
        Minted.hs256(
            HEADER, whole.replaceAll("\"exp\":([0-9]+)", "\"exp\":$1" + "0".repeat(40)), SECRET));
    table.put(
        "sub has a line break", Minted.hs256(HEADER, whole.replace("alice", "a\\nb"), SECRET));
  }

  /** Every claim that is needed, as everything that it is not. */
  private static void lattice(Map<String, String> table, String whole) {
    String value = "(\"[^\"]*\"|[0-9]+)";
    Map<String, List<String>> wrong =
        Map.of(
            "sub", List.of("null", "7", "\"\"", "[\"alice\"]", "\"" + "a".repeat(257) + "\""),
            "iat", List.of("null", "\"0\"", "-1", "1e9", "true"),
            "exp", List.of("null", "-1", "[]", "9223372036854775808"),
            "scope", List.of("null", "7", "{}", "[7]", "\"a  b\"", "\" a\""));
    wrong.forEach(
        (claim, texts) ->
            texts.forEach(
                text ->
                    table.put(
                        claim + " is " + text.substring(0, Math.min(20, text.length())),
                        Minted.hs256(
                            HEADER,
                            whole.replaceFirst(
                                "\"" + claim + "\":" + value, "\"" + claim + "\":" + text),
                            SECRET))));
  }

  /** Claims that are not even text, with a good signature. */
  private static String rawClaims(byte[] claims) {
    return Minted.signed(Minted.part(HEADER) + "." + Minted.part(claims), SECRET);
  }

  /** A tenant's secret, or our public key as a secret, must not make a token of ours. */
  private void ownTokens(Map<String, String> table) {
    String[] parts = own.split("\\.");
    String head = decode(parts[0]);
    String body = decode(parts[1]);
    byte[] published = sluice.get("/.well-known/jwks.json").body().getBytes(StandardCharsets.UTF_8);
    String confused = head.replace(Algorithm.RS256.wireName(), "HS256");
    table.put("public key as secret", Minted.hs256(confused, body, published));
    PublicKey ours = ours(parts[0]);
    table.put("public key as secret, DER", Minted.hs256(confused, body, ours.getEncoded()));
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(ours.getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    table.put(
        "public key as secret, PEM",
        Minted.hs256(confused, body, pem.getBytes(StandardCharsets.US_ASCII)));
    table.put("a foreign RSA key under our kid", rs256(parts[0] + "." + parts[1]));
    table.put("a refresh token", Minted.issue(sluice).json().path("refresh_token").asText());
    table.put("own claims by a tenant", Minted.hs256(HEADER, body, SECRET));
    table.put(
        "admin for oneself",
        parts[0] + "." + Minted.part(body.replace("batch", "admin")) + "." + parts[2]);
    table.put("a signature of zeros", parts[0] + "." + parts[1] + "." + Minted.part(new byte[256]));
    String es256 = Minted.part(head.replace("RS256", "ES256")) + "." + parts[1] + ".";
    table.put("ES256 of zeros", es256 + Minted.part(new byte[64]));
    for (String type : new String[] {"JWT", "refresh+jwt", "AT+JWT", "at+jwt ", ""}) {
      String typed = head.replace("at+jwt", type);
      table.put("signed by us as \"" + type + "\"", oursOver(typed, body));
    }
    table.put(
        "signed by us without typ", oursOver(head.replaceAll(",?\"typ\":\"[^\"]*\"", ""), body));
    table.put("unsigned", Minted.part(head.replace("RS256", "none")) + "." + parts[1] + ".");
  }

  /** With the very key that this gateway signs with. */
  private String oursOver(String head, String body) {
    String kid = Json.parse(head).path("kid").asText();
    TokenKey key =
        await(sluice.tokenKeys.keys()).stream()
            .filter(it -> it.kid().equals(kid))
            .findFirst()
            .orElseThrow();
    byte[] secret = Minted.SEALING.open(Binding.of(key), key.sealed()).orElseThrow();
    try {
      return rs256(
          Minted.part(head) + "." + Minted.part(body),
          KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(secret)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private PublicKey ours(String head) {
    String kid = Json.parse(decode(head)).path("kid").asText();
    try {
      return JWKSet.parse(sluice.get("/.well-known/jwks.json").body())
          .getKeyByKeyId(kid)
          .toRSAKey()
          .toPublicKey();
    } catch (ParseException | JOSEException e) {
      throw new AssertionError(e);
    }
  }

  /** Signed with a key that somebody else has just made. */
  private static String rs256(String signed) {
    try {
      return rs256(signed, KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String rs256(String signed, PrivateKey key) {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + Minted.part(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String header(String members) {
    return Minted.hs256("{" + members + "}", Minted.claims(0, 60, ""), SECRET);
  }

  private static String more(String claims) {
    return Minted.hs256(HEADER, Minted.claims(0, 60, claims), SECRET);
  }

  private static String times(long issued, long expires) {
    return Minted.hs256(HEADER, Minted.claims(issued, expires, ""), SECRET);
  }

  private static String decode(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }
}
