package io.sluice.cli.bulk;

import io.sluice.cli.client.Bulk;
import io.sluice.cli.terminal.Console;
import io.sluice.cli.terminal.ProgressLine;
import java.time.InstantSource;

/**
 * What every step of an undertaking needs.
 *
 * @param line where progress is shown, and what else is said
 * @param leaving what Ctrl-C does
 */
public record Surroundings(
    Console console, Bulk bulk, ProgressLine line, Leaving leaving, InstantSource clock) {}
