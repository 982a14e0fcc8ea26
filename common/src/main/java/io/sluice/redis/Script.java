package io.sluice.redis;

import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Lane;
import io.sluice.Output;
import io.sluice.Usage;
import io.sluice.codec.EndingCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The scripts, each with the common text that it needs before its own. */
enum Script {
  ADMIT("limits", "numbers", "record", "load", "birth"),
  REPLAY("limits", "numbers", "record", "epoch", "birth"),
  PUBLISHED("limits", "numbers", "record"),
  UNDO("limits", "numbers", "record"),
  REFUND("limits", "numbers", "record"),
  PRESSURE("limits", "numbers", "record", "load"),
  CLAIM("limits", "numbers", "record", "load", "epoch", "birth"),
  RENEW("limits", "numbers", "record", "epoch"),
  REQUEUE("limits", "numbers", "record", "epoch"),
  FINISH("limits", "numbers", "record", "epoch"),
  FIND("limits", "numbers", "record", "epoch"),
  HISTORY("limits", "numbers", "record"),
  LIST("limits", "numbers", "record"),
  CANCEL("limits", "numbers", "record", "epoch"),
  END("limits", "numbers", "record", "epoch"),
  SWEEP("limits", "numbers", "record"),
  APPEND("limits", "numbers", "record", "epoch"),
  READ("limits", "numbers", "record"),
  MOVED("limits", "numbers", "record"),
  BEGIN("limits", "numbers", "record", "epoch"),
  RESTORE("limits", "numbers", "record", "epoch", "birth"),
  COMPLETE("limits", "numbers", "record", "epoch"),
  CHECK("limits", "numbers", "record", "epoch"),
  OFFERED("lanes"),
  NEXT("lanes"),
  EMPTIED("lanes"),
  CHARGE("lanes"),
  STAND,
  RESIGN,
  KEY,
  KEYS,
  ADD_KEY,
  REVOKE,
  USED_KEYS,
  TENANT,
  PUT_TENANT,
  TENANTS,
  REMOVE_TENANT,
  TOKEN_KEYS,
  ADD_TOKEN_KEY,
  REVOKE_TOKEN_KEY,
  OPEN_GRANT("grants"),
  FIND_GRANT("grants"),
  ROTATE_GRANT("grants"),
  REVOKE_GRANT("grants"),
  DENY_TOKEN("grants"),
  GRANT_HOLDS("grants");

  private final String text;

  Script(String... common) {
    StringBuilder all = new StringBuilder(endings());
    all.append("local OWN_LANES = ").append(Lane.NUMBERS - Lane.SHARED).append('\n');
    for (String part : common) {
      all.append(resource(part));
    }
    this.text = all.append(resource(name().toLowerCase(Locale.ROOT))).toString();
  }

  String text() {
    return text;
  }

  /** The endings that scripts write by themselves, in the form that the codec reads. */
  private static String endings() {
    StringBuilder table = new StringBuilder("local ENDINGS = {\n");
    Endings.WRITTEN.forEach(
        (name, ending) ->
            table
                .append(name)
                .append(" = [==[")
                .append(EndingCodec.write(ending))
                .append("]==],\n"));
    return table.append("}\n").toString();
  }

  private static String resource(String name) {
    try (InputStream in = Script.class.getResourceAsStream(name + ".lua")) {
      if (in == null) {
        throw new IllegalStateException("no script " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Endings {
    static final Map<String, Ending> WRITTEN =
        new TreeMap<>(
            Map.of(
                "cancelled",
                new Ending.Cancelled(Optional.empty(), Output.NONE, Usage.NONE),
                "expired",
                new Ending.Expired(),
                "lost",
                failed(FailureCode.LOST, "The job did not end in time."),
                "poison",
                failed(FailureCode.POISON, "Too many workers were lost while they ran this job."),
                "superseded",
                new Ending.Cancelled(
                    Optional.of(
                        new Failure(
                            FailureCode.SUPERSEDED,
                            "Another job holds this job's idempotency key.")),
                    Output.NONE,
                    Usage.NONE)));

    private static Ending failed(FailureCode code, String message) {
      return new Ending.Failed(new Failure(code, message), Output.NONE, Usage.NONE);
    }
  }
}
