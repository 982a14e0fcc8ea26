package io.sluice.cli.bulk;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What somebody wants of the results.
 *
 * @param out the file that they go to; standard output without it
 * @param errors the file of what failed of a batch; with the others without it
 * @param report a page that is made of them at the end
 * @param window in which all is to be done
 * @param detach whether nobody waits for them
 * @param json whether they are wanted as they are, on a terminal too
 */
public record Wishes(
    Optional<Path> out,
    Optional<Path> errors,
    Optional<Path> report,
    Duration window,
    boolean detach,
    boolean json) {
  Wishes out(Path file) {
    return new Wishes(Optional.of(file), errors, report, window, detach, json);
  }
}
