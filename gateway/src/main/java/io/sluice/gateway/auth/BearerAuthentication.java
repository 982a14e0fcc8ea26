package io.sluice.gateway.auth;

import io.vertx.core.Future;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.AuthenticationProvider;
import io.vertx.ext.auth.authentication.Credentials;
import io.vertx.ext.auth.authentication.TokenCredentials;
import java.util.Optional;

/** API keys and access tokens behind one door, told apart by the three letters of a key. */
public final class BearerAuthentication implements AuthenticationProvider, Recheck, Names {
  private static final String KEY_PREFIX = "sk_";

  private final AuthenticationProvider keys;
  private final Recheck keysAgain;
  private final Names keyNames;
  private final AuthenticationProvider tokens;
  private final Recheck tokensAgain;
  private final Names tokenNames;

  public <
          K extends AuthenticationProvider & Recheck & Names,
          T extends AuthenticationProvider & Recheck & Names>
      BearerAuthentication(K keys, T tokens) {
    this.keys = keys;
    this.keysAgain = keys;
    this.keyNames = keys;
    this.tokens = tokens;
    this.tokensAgain = tokens;
    this.tokenNames = tokens;
  }

  @Override
  public Future<User> authenticate(Credentials credentials) {
    boolean token = credentials instanceof TokenCredentials it && isToken(it.getToken());
    return token ? tokens.authenticate(credentials) : keys.authenticate(credentials);
  }

  @Override
  public Future<Boolean> stands(Caller caller) {
    return caller.credential() instanceof Caller.Credential.Key
        ? keysAgain.stands(caller)
        : tokensAgain.stands(caller);
  }

  @Override
  public Optional<String> principal(String credential) {
    return isToken(credential) ? tokenNames.principal(credential) : keyNames.principal(credential);
  }

  private static boolean isToken(String text) {
    return !text.startsWith(KEY_PREFIX);
  }
}
