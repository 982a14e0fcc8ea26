package io.sluice.cli.bulk;

import io.sluice.cli.terminal.ProgressLine;
import java.util.List;

/** A line that says how far something is, as wide as there is room for. */
final class Bar {
  private static final int CELLS_MAX = 30;
  private static final int CELLS_MIN = 8;
  private static final String BETWEEN = " · ";

  private Bar() {}

  /**
   * The bar and what is said beside it; where there is too little room the last of it is left out,
   * and then the bar.
   *
   * @param beside the most important first
   * @param columns none where no terminal is: everything is said, and there is no bar
   */
  static String line(long done, long total, List<String> beside, int columns) {
    if (columns == ProgressLine.NO_TERMINAL) {
      return String.join(BETWEEN, beside);
    }
    for (int said = beside.size(); said > 0; said--) {
      String text = String.join(BETWEEN, beside.subList(0, said));
      int room = columns - text.length() - 1;
      if (room >= CELLS_MIN) {
        return cells(done, total, Math.min(room, CELLS_MAX)) + " " + text;
      }
      if (said == 1) {
        return text;
      }
    }
    return "";
  }

  private static String cells(long done, long total, int cells) {
    int full = total <= 0 ? 0 : (int) (cells * Math.min(done, total) / total);
    return "█".repeat(full) + "░".repeat(cells - full);
  }
}
