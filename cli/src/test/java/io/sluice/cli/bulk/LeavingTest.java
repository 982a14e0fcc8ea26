package io.sluice.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.terminal.Console;
import io.sluice.cli.terminal.ProgressLine;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeavingTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final PrintStream screen = new PrintStream(err, true, StandardCharsets.UTF_8);
  private final Console console =
      new Console(InputStream.nullInputStream(), screen, screen, Map.of(), true, true);
  private final ProgressLine line = new ProgressLine(console, () -> 80, InstantSource.system());

  @Test
  void what_others_still_show_is_not_drawn_below_the_last_words() {
    List<Integer> codes = new ArrayList<>();
    Leaving leaving = new Leaving(console, line, codes::add);
    leaving.says(() -> List.of("It goes on.", "Stop it: so."));
    line.show(columns -> "1/3 files");
    leaving.stop();
    line.show(columns -> "2/3 files");
    line.say("d.txt is left out");
    assertThat(codes).containsExactly(130);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("1/3 files", "sluice: It goes on.\n        Stop it: so.\n")
        .doesNotContain("2/3 files");
  }
}
