package io.sluice.cli.doctor;

import io.sluice.tls.Identity;
import io.sluice.tls.IdentityFiles;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The gateway's certificate: whether it is one, until when, for whom, and who vouches for it. */
public final class CertificateCheck implements Check {
  private static final Duration SOON = Duration.ofDays(14);

  private final Optional<IdentityFiles> files;
  private final Listening listening;
  private final Instant now;

  /**
   * Where the gateway is to be found.
   *
   * @param loopback whether only this machine reaches it
   * @param names by which clients may ask for it
   */
  public record Listening(boolean loopback, List<String> names) {}

  public CertificateCheck(Optional<IdentityFiles> files, Listening listening, Instant now) {
    this.files = files;
    this.listening = listening;
    this.now = now;
  }

  @Override
  public String about() {
    return "certificate";
  }

  @Override
  public List<Finding> look() {
    if (files.isEmpty()) {
      return List.of(without());
    }
    Identity identity;
    try {
      identity = files.get().read();
    } catch (IllegalArgumentException e) {
      return List.of(
          Finding.failed(about(), e.getMessage(), "correct SLUICE_TLS_CERT and SLUICE_TLS_KEY"));
    }
    return List.of(dates(identity), names(identity), chain(identity));
  }

  private Finding without() {
    return listening.loopback()
        ? Finding.ok(about(), "none: the gateway speaks HTTP, on the loopback only")
        : Finding.warning(
            about(),
            "none: the gateway speaks HTTP in clear to other hosts",
            "set SLUICE_TLS_CERT and SLUICE_TLS_KEY, or put TLS in front");
  }

  private Finding dates(Identity identity) {
    Instant expires = identity.expires();
    if (!identity.validAt(now)) {
      return Finding.failed(
          about(),
          "not valid now; it expires " + expires,
          "replace the files; no restart is needed");
    }
    return now.plus(SOON).isAfter(expires)
        ? Finding.warning(
            about(), "expires soon: " + expires, "replace the files; no restart is needed")
        : Finding.ok(about(), "matches its key, expires " + expires);
  }

  private Finding names(Identity identity) {
    List<String> covered = listening.names().stream().filter(identity::covers).toList();
    return covered.isEmpty()
        ? Finding.warning(
            about(),
            "has none of the names " + String.join(", ", listening.names()),
            "fine if clients use another name that it has; else issue one with that name")
        : Finding.ok(about(), "is for " + String.join(", ", covered));
  }

  private Finding chain(Identity identity) {
    List<String> subjects = new ArrayList<>();
    identity.chain().forEach(one -> subjects.add(one.getSubjectX500Principal().toString()));
    X509Certificate last = identity.chain().getLast();
    boolean selfSigned = identity.chain().size() == 1 && isSelfSigned(last);
    return selfSigned
        ? Finding.warning(
            about(),
            "vouches for itself: " + subjects.getFirst(),
            "give clients the file as their --ca, or have an authority issue one")
        : Finding.ok(
            about(),
            "chain of " + subjects.size() + ", issued by " + last.getIssuerX500Principal());
  }

  private static boolean isSelfSigned(X509Certificate certificate) {
    try {
      certificate.verify(certificate.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
