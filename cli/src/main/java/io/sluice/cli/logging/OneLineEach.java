package io.sluice.cli.logging;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;
import java.util.stream.Collectors;

/**
 * An exception and where it came from. Its messages may hold what clients sent: each of its lines
 * is harmless, and all but the first are set in, so that none looks like a line of the log.
 */
public final class OneLineEach extends ThrowableProxyConverter {
  private static final int LINE_CHARS_MAX = 2 * 1024;
  private static final String SET_IN = "    ";

  @Override
  protected String throwableProxyToString(IThrowableProxy thrown) {
    return super.throwableProxyToString(thrown)
        .lines()
        .map(line -> SET_IN + Harmless.text(line.replace('\t', ' '), LINE_CHARS_MAX))
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
