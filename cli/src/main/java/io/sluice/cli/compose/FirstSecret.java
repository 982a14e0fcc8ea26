package io.sluice.cli.compose;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.disk.OwnerFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** The master secret of an installation in one process, so that access tokens need no set-up. */
public final class FirstSecret {
  private static final int BYTES = 32;

  private FirstSecret() {}

  /**
   * Makes the secret if there is no file of it.
   *
   * @return whether it was made now
   */
  public static boolean ensure(Path file) {
    byte[] secret = new byte[BYTES];
    new SecureRandom().nextBytes(secret);
    try {
      return OwnerFile.create(file, Base64.getEncoder().encodeToString(secret) + "\n");
    } catch (IOException e) {
      throw new Refusal(Exit.CANNOT_START, "cannot write " + file + ": " + e.getMessage());
    }
  }
}
