package io.sluice.cli.bulk;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.bulk.Checkpoint.Sent;
import io.sluice.cli.client.Undertaking;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an earlier command left beside a file of results, for the one that follows it.
 *
 * @param server where this one is
 */
record Earlier(String server, Undertaking kind) {
  /** Those documents that it sent and that have not changed since, by their places. */
  Map<Integer, Sent> sent(Path out, List<FoundDocument> documents) {
    Optional<Checkpoint.State> before = Checkpoint.read(out);
    before.flatMap(Checkpoint.State::started).ifPresent(id -> goesOn(id, out));
    Map<FoundDocument, Sent> known = new HashMap<>();
    before
        .filter(state -> state.server().equals(server) && state.kind() == kind)
        .ifPresent(state -> state.uploaded().values().forEach(one -> known.put(one.as(), one)));
    Map<Integer, Sent> there = new HashMap<>();
    for (int i = 0; i < documents.size(); i++) {
      if (known.containsKey(documents.get(i))) {
        there.put(i, known.get(documents.get(i)));
      }
    }
    return there;
  }

  private static void goesOn(String id, Path out) {
    throw new Refusal(
        Exit.USAGE, "the results of " + id + " go to " + out + ": go on with --resume " + out);
  }

  /** How far it got; a {@link Refusal} where there is nothing to go on with. */
  Checkpoint.State state(Path out) {
    Checkpoint.State state = Checkpoint.read(out).orElseThrow(() -> nothing(out));
    if (state.kind() != kind) {
      throw new Refusal(Exit.USAGE, "that was: sluice " + state.kind().command());
    }
    if (!state.server().equals(server)) {
      throw new Refusal(Exit.USAGE, "that was begun at another server: --server " + state.server());
    }
    return state;
  }

  private Refusal nothing(Path out) {
    String why =
        Files.exists(out)
            ? "all results are there, or nothing was sent: there is no "
            : "there is neither it nor ";
    return new Refusal(
        Exit.USAGE,
        "cannot go on with "
            + out
            + ": "
            + why
            + Checkpoint.beside(out)
            + " (ids look like "
            + kind.sample()
            + ")");
  }

  /** Refuses a file that has the results of another one. */
  void checkNoOther(Path out, String id) {
    Checkpoint.read(out)
        .flatMap(Checkpoint.State::started)
        .filter(started -> !started.equals(id))
        .ifPresent(
            started -> {
              throw new Refusal(
                  Exit.USAGE, out + " has the results of " + started + ": name another file");
            });
  }
}
