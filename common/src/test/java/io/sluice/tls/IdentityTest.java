package io.sluice.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
  @TempDir static Path folder;
  private static TestAuthority authority;
  private static IdentityFiles server;
  private static IdentityFiles rsa;

  @BeforeAll
  static void issue() {
    authority = TestAuthority.in(folder);
    server = authority.issue("server", "dns:localhost", "dns:*.sluice.lan", "ip:127.0.0.1");
    rsa = authority.issueRsa("rsa");
  }

  @Test
  void a_certificate_and_its_key_are_read_with_their_names_and_dates() {
    Identity identity = server.read();
    assertThat(identity.expires()).isAfter(Instant.now().plus(Duration.ofDays(29)));
    assertThat(identity.validAt(Instant.now())).isTrue();
    assertThat(identity.validAt(Instant.now().plus(Duration.ofDays(31)))).isFalse();
    assertThat(identity.covers("localhost")).isTrue();
    assertThat(identity.covers("127.0.0.1")).isTrue();
    assertThat(identity.covers("a.sluice.lan")).isTrue();
    assertThat(identity.covers("a.b.sluice.lan")).isFalse();
    assertThat(identity.covers("server")).as("the common name counts for nothing").isFalse();
    assertThat(identity.toString()).contains("CN=server").doesNotContain("PRIVATE");
  }

  @Test
  void rsa_keys_are_read_as_pkcs8_and_as_pkcs1() throws IOException {
    byte[] pkcs8 = rsa.read().key().getEncoded();
    // What PKCS#8 puts before a key of 2,048 bits has 26 bytes.
    byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
    Path key = secret("rsa1.key", TestAuthority.block("RSA PRIVATE KEY", pkcs1));
    Identity identity = new IdentityFiles(rsa.certificate(), key).read();
    assertThat(identity.key().getEncoded()).isEqualTo(pkcs8);
  }

  @Test
  void a_key_that_others_can_read_is_refused() throws IOException {
    Path key = secret("open.key", Files.readString(server.key()));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> new IdentityFiles(server.certificate(), key).read())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("others can read the secret " + key);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--r-----"));
    assertThat(new IdentityFiles(server.certificate(), key).read().chain()).hasSize(1);
  }

  @Test
  void what_does_not_belong_together_or_cannot_be_read_is_told_by_its_file() throws IOException {
    refused(server.certificate(), rsa.key(), rsa.key() + " is not the key of");
    refused(server.certificate(), authority.issue("other").key(), "is not the key of");
    refused(server.key(), server.key(), server.key() + ": it has no BEGIN CERTIFICATE");
    refused(server.certificate(), Path.of("/none"), "cannot read /none");
    Path certificateAsKey = secret("c.key", Files.readString(server.certificate()));
    refused(server.certificate(), certificateAsKey, "it has no BEGIN PRIVATE KEY");
    Path torn = secret("torn.key", TestAuthority.block("PRIVATE KEY", new byte[40]));
    refused(server.certificate(), torn, torn + ": its private key cannot be read");
    Path encrypted = secret("e.key", TestAuthority.block("ENCRYPTED PRIVATE KEY", new byte[40]));
    refused(server.certificate(), encrypted, "openssl pkcs8 -topk8 -nocrypt");
    Path huge = secret("huge.key", "x".repeat(1024 * 1024 + 1));
    refused(server.certificate(), huge, "has more than 1048576 bytes");
  }

  @Test
  void a_chain_begins_with_its_own_certificate() throws IOException {
    String own = Files.readString(server.certificate());
    String issuer = Files.readString(authority.certificate());
    Path chain = Files.writeString(folder.resolve("chain.pem"), own + issuer);
    assertThat(new IdentityFiles(chain, server.key()).read().chain()).hasSize(2);
    Path turned = Files.writeString(folder.resolve("turned.pem"), issuer + own);
    refused(turned, server.key(), "its own certificate must come first");
  }

  private static void refused(Path certificate, Path key, String why) {
    assertThatThrownBy(() -> new IdentityFiles(certificate, key).read())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static Path secret(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
