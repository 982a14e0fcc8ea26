package io.sluice.cli.bulk;

import io.sluice.cli.client.Undertaking;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How somebody who leaves comes back, a line each. */
record Return(Undertaking kind, Wishes wishes) {
  /**
   * @param kept whether what was sent so far is written down
   */
  List<String> whileSending(boolean kept) {
    return kept
        ? List.of("stopped while sending. Go on: " + command(quoted(wishes.out().orElseThrow())))
        : List.of(
            "stopped while sending; nothing was started."
                + (wishes.out().isEmpty() ? " With --out FILE it could be gone on with." : ""));
  }

  /** Where something is in the way of sending. */
  String afterRefusal() {
    return "what was sent is kept. Go on: " + command(quoted(wishes.out().orElseThrow()));
  }

  List<String> whileRunning(String id) {
    List<String> lines = new ArrayList<>();
    String out = wishes.out().map(file -> " --out " + quoted(file)).orElse("");
    String errors = wishes.errors().map(file -> " --errors " + quoted(file)).orElse("");
    lines.add(
        id + " goes on. Come back: sluice " + kind.command() + " --resume " + id + out + errors);
    lines.add("Stop it: sluice " + kind.command() + " --cancel " + id);
    return lines;
  }

  private String command(String from) {
    return "sluice "
        + kind.command()
        + " --resume "
        + from
        + wishes.errors().map(file -> " --errors " + quoted(file)).orElse("");
  }

  /** As a shell takes it for one word. */
  private static String quoted(Path file) {
    String text = file.toString();
    return text.matches("[A-Za-z0-9_./:@%+=,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
