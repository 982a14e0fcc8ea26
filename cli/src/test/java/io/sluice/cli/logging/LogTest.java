package io.sluice.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The program's own configuration of its log, against what clients may send. */
class LogTest {
  private static final String FORGED = "12:00:00.000 INFO  audit all is well";
  private static final List<String> ENDS =
      List.of("\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029", "\u000b", "\f");

  @Test
  void a_message_is_one_line_whatever_is_in_it() throws JoranException {
    for (String end : ENDS) {
      String line = logged("no job '" + end + FORGED + "'", null);
      assertThat(line).endsWith(System.lineSeparator());
      assertThat(line.strip().lines()).hasSize(1);
      assertThat(line).doesNotContain(end + FORGED).contains("\\u").contains(FORGED);
    }
  }

  @Test
  void a_message_cannot_speak_to_a_terminal_or_turn_text_around() throws JoranException {
    assertThat(logged("a\u001b[2Jb\u202ec\u0000d\u200be", null))
        .contains("a\\u001b[2Jb\\u202ec\\u0000d\\u200be");
  }

  @Test
  void ordinary_messages_are_written_as_they_are() throws JoranException {
    assertThat(logged("job_1 at 3 °C: „Grüße“, 世界 🙂", null))
        .contains("job_1 at 3 °C: „Grüße“, 世界 🙂");
  }

  @Test
  void the_message_of_an_exception_looks_like_no_line_of_the_log() throws JoranException {
    for (String end : ENDS) {
      String all = logged("failed", new IllegalStateException("bad" + end + FORGED));
      assertThat(all.lines().skip(1)).isNotEmpty().allMatch(line -> line.startsWith("    "));
      assertThat(all).contains("IllegalStateException").contains("LogTest");
    }
  }

  @Test
  void a_message_that_is_too_long_is_cut() throws JoranException {
    assertThat(logged("x".repeat(1_000_000), null)).hasSizeLessThan(9_000).contains("x…");
  }

  @Test
  void what_a_client_sends_in_place_of_http_is_not_logged() throws JoranException {
    String name = ConnectionBase.class.getName();
    boolean logged = withLog(context -> context.getLogger(name).isErrorEnabled());
    assertThat(logged).isFalse();
  }

  private static String logged(String message, Throwable thrown) throws JoranException {
    return withLog(
        context -> {
          Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
          ConsoleAppender<ILoggingEvent> appender =
              (ConsoleAppender<ILoggingEvent>) root.getAppender("ERR");
          LoggingEvent event =
              new LoggingEvent("io.sluice.Test", root, Level.INFO, message, thrown, new Object[0]);
          return new String(appender.getEncoder().encode(event), StandardCharsets.UTF_8);
        });
  }

  private static <T> T withLog(Function<LoggerContext, T> use) throws JoranException {
    LoggerContext context = new LoggerContext();
    try {
      JoranConfigurator configurator = new JoranConfigurator();
      configurator.setContext(context);
      configurator.doConfigure(LogTest.class.getResource("/logback.xml"));
      return use.apply(context);
    } finally {
      context.stop();
    }
  }
}
