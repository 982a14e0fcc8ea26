package io.sluice.cli.logging;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** The message of a log line, on that one line, whatever clients put into it. */
public final class OneLine extends ClassicConverter {
  private static final int CHARS_MAX = 8 * 1024;

  @Override
  public String convert(ILoggingEvent event) {
    return Harmless.text(event.getFormattedMessage(), CHARS_MAX);
  }
}
