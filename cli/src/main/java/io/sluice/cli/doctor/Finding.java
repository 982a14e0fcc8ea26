package io.sluice.cli.doctor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.util.Locale;

/**
 * What one look found.
 *
 * @param about what was looked at: {@code redis}
 * @param sentence what there is
 * @param advice what to do about it; empty where nothing is to be done
 */
public record Finding(String about, Verdict verdict, String sentence, String advice) {
  /** How it is. */
  public enum Verdict {
    OK,
    WARNING,
    FAILED;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static Finding ok(String about, String sentence) {
    return new Finding(about, Verdict.OK, sentence, "");
  }

  public static Finding warning(String about, String sentence, String advice) {
    return new Finding(about, Verdict.WARNING, sentence, advice);
  }

  public static Finding failed(String about, String sentence, String advice) {
    return new Finding(about, Verdict.FAILED, sentence, advice);
  }

  public ObjectNode json() {
    return Json.object()
        .put("about", about)
        .put("verdict", verdict.wireName())
        .put("sentence", sentence)
        .put("advice", advice.isEmpty() ? null : advice);
  }
}
