package io.sluice.cli.client;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.Secret;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A login that renews itself before it ends, and once more where the server refuses it. Of all
 * commands that use the same login one renews it, and the others read what that wrote.
 */
public final class RenewedLogin implements Credential {
  private static final Logger LOG = LoggerFactory.getLogger(RenewedLogin.class);

  /** After a renewal that failed while the token was still good. */
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final Logins logins;
  private final OAuth oauth;
  private final InstantSource clock;
  private Login known;
  private Instant nextTry = Instant.MIN;

  public RenewedLogin(Login login, Logins logins, OAuth oauth, InstantSource clock) {
    this.known = login;
    this.logins = logins;
    this.oauth = oauth;
    this.clock = clock;
  }

  @Override
  public synchronized Optional<Secret> current() throws IOException {
    Instant now = clock.instant();
    if (known.isDue(now) && (known.hasEnded(now) || !now.isBefore(nextTry))) {
      try {
        renew();
      } catch (IOException | ServerProblem e) {
        if (known.hasEnded(now)) {
          throw e;
        }
        nextTry = now.plus(PAUSE);
        LOG.debug("the login is renewed later: {}", e.toString());
      }
    }
    return Optional.of(known.access());
  }

  @Override
  public boolean isRenewable() {
    return true;
  }

  @Override
  public synchronized boolean renewed(Secret refused) throws IOException {
    if (known.access().equals(refused)) {
      renew();
    }
    return true;
  }

  private void renew() throws IOException {
    known =
        logins.locked(
            () -> {
              Login stored = logins.find(known.server()).orElseThrow(this::loggedOut);
              boolean another = !stored.access().equals(known.access());
              if (another && !stored.isDue(clock.instant())) {
                return stored;
              }
              Login next = oauth.refresh(stored);
              logins.put(next);
              return next;
            });
  }

  private Refusal loggedOut() {
    return new Refusal(
        Exit.REFUSED,
        "there is no login at " + known.server() + " any more: log in again with: sluice login");
  }
}
