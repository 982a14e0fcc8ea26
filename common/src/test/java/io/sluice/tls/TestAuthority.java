package io.sluice.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certificate authority of a test's own, in a folder, made with the JDK's keytool. */
public final class TestAuthority {
  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final Path store;

  private TestAuthority(Path folder) {
    this.folder = folder;
    this.store = folder.resolve("store.p12");
  }

  /** Makes one, with its own certificate in {@code ca.pem}. */
  public static TestAuthority in(Path folder) {
    try {
      TestAuthority authority = new TestAuthority(Files.createDirectories(folder));
      authority.keytool("ca", "EC", List.of("-ext", "bc:c", "-ext", "ku:c=keyCertSign,cRLSign"));
      Files.writeString(authority.certificate(), pem("CERTIFICATE", authority.chain("ca")[0]));
      return authority;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The file with its certificate. */
  public Path certificate() {
    return folder.resolve("ca.pem");
  }

  /**
   * Issues a certificate that is valid now.
   *
   * @param name of the files, once for each authority
   * @param names whom it is for: {@code dns:localhost}, {@code ip:127.0.0.1}; nobody if none
   */
  public IdentityFiles issue(String name, String... names) {
    return issue(name, "EC", List.of("-validity", "30"), names);
  }

  /** The same with an RSA key. */
  public IdentityFiles issueRsa(String name, String... names) {
    return issue(name, "RSA", List.of("-validity", "30"), names);
  }

  /** The same, valid for these days from now on; from the past if they are negative. */
  public IdentityFiles issueFor(int days, String name, String... names) {
    List<String> dates =
        days > 0
            ? List.of("-validity", String.valueOf(days))
            : List.of("-startdate", "-9d", "-validity", String.valueOf(9 + days));
    return issue(name, "EC", dates, names);
  }

  private IdentityFiles issue(String name, String kind, List<String> dates, String... names) {
    List<String> options = new ArrayList<>(List.of("-signer", "ca"));
    options.addAll(dates);
    if (names.length > 0) {
      options.addAll(List.of("-ext", "san=" + String.join(",", names)));
    }
    keytool(name, kind, options);
    return write(name);
  }

  private IdentityFiles write(String name) {
    try {
      Path certificate = folder.resolve(name + ".pem");
      Path key = folder.resolve(name + ".key");
      Files.writeString(certificate, pem("CERTIFICATE", chain(name)[0]));
      Files.writeString(
          key, block("PRIVATE KEY", load().getKey(name, PASSWORD.toCharArray()).getEncoded()));
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
      return new IdentityFiles(certificate, key);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Certificate[] chain(String alias) throws GeneralSecurityException, IOException {
    return load().getCertificateChain(alias);
  }

  private KeyStore load() throws GeneralSecurityException, IOException {
    KeyStore loaded = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      loaded.load(in, PASSWORD.toCharArray());
    }
    return loaded;
  }

  private static String pem(String label, Certificate certificate) throws GeneralSecurityException {
    return block(label, certificate.getEncoded());
  }

  static String block(String label, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, "\n".getBytes()).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
  }

  private void keytool(String alias, String kind, List<String> options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                kind,
                kind.equals("EC") ? "-groupname" : "-keysize",
                kind.equals("EC") ? "secp256r1" : "2048",
                "-dname",
                "CN=" + alias,
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
    command.addAll(options);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.to(folder.resolve("keytool.log").toFile()))
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException(Files.readString(folder.resolve("keytool.log")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
