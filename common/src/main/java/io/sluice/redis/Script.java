package io.sluice.redis;

import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Lane;
import io.sluice.Output;
import io.sluice.Sharing;
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
  ADMIT("limits", "numbers", "queues", "hooks", "record", "answers", "load", "birth"),
  REPLAY("limits", "numbers", "queues", "hooks", "record", "epoch", "birth"),
  PUBLISHED("limits", "numbers", "queues", "hooks", "record"),
  UNDO("limits", "numbers", "queues", "hooks", "record"),
  REFUND("limits", "numbers", "queues", "hooks", "record"),
  BACKLOG("limits", "numbers", "queues", "hooks", "record"),
  PRESSURE("limits", "numbers", "queues", "hooks", "record", "load"),
  CLAIM("limits", "numbers", "queues", "hooks", "record", "answers", "load", "epoch", "birth"),
  RENEW("limits", "numbers", "queues", "hooks", "record", "epoch"),
  REQUEUE("limits", "numbers", "queues", "hooks", "record", "epoch"),
  FINISH("limits", "numbers", "queues", "hooks", "record", "answers", "epoch"),
  FIND("limits", "numbers", "queues", "hooks", "record", "epoch"),
  HISTORY("limits", "numbers", "queues", "hooks", "record"),
  LIST("limits", "numbers", "queues", "hooks", "record"),
  CANCEL("limits", "numbers", "queues", "hooks", "record", "epoch"),
  END("limits", "numbers", "queues", "hooks", "record", "epoch"),
  SWEEP("limits", "numbers", "queues", "hooks", "record"),
  APPEND("limits", "numbers", "queues", "hooks", "record", "epoch"),
  READ("limits", "numbers", "queues", "hooks", "record"),
  MOVED("limits", "numbers", "queues", "hooks", "record"),
  BEGIN("limits", "numbers", "queues", "hooks", "record", "epoch"),
  RESTORE("limits", "numbers", "queues", "hooks", "record", "epoch", "birth"),
  COMPLETE("limits", "numbers", "queues", "hooks", "record", "epoch"),
  TAKE_HOOKS("limits", "numbers", "queues", "hooks", "record"),
  SETTLE_HOOK("limits", "numbers", "queues", "hooks", "record"),
  REDELIVER("limits", "numbers", "queues", "hooks", "record"),
  CHECK("limits", "numbers", "queues", "hooks", "record", "epoch"),
  HOLDS_ANSWER("limits", "numbers", "queues", "hooks", "record", "answers"),
  ANSWERS_SIZE,
  FORGET_ANSWERS("limits", "numbers", "queues", "hooks", "record", "answers"),
  OFFERED("lanes"),
  NEXT("lanes"),
  EMPTIED("lanes"),
  CHARGE("lanes"),
  WARM_SERVED,
  WARM_FIND,
  WARM_PRESENT,
  WARM_LEAVE,
  WARM_RESERVE,
  WARM_HANDED,
  STAND,
  RESIGN,
  ANNOUNCE,
  DESCRIBE,
  LEAVE,
  WORKERS,
  WISH,
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
    all.append("local ANSWER_BYTES_MAX = ").append(Sharing.ANSWER_BYTES_MAX).append('\n');
    all.append("local ANSWER_OVERHEAD = ").append(Sharing.OVERHEAD_BYTES).append('\n');
    all.append("local FLYING_MAX = ").append(Sharing.WAITING_MAX).append('\n');
    all.append("local LAST_CALL_MS = ").append(Sharing.LAST_CALL.toMillis()).append('\n');
    all.append("local APART_MS = ").append(Sharing.APART.toMillis()).append('\n');
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
