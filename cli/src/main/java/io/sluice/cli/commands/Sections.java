package io.sluice.cli.commands;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The numbered sections of Sluice's own licence: real text that is always there. */
final class Sections {
  private static final Pattern HEADING = Pattern.compile("(?m)^ {3}\\d+\\. ([A-Z][^.\\n]*)\\.");

  private Sections() {}

  /** One section of a text. */
  record Section(String title, String text) {}

  static List<Section> ofLicence() {
    try (InputStream in = Sections.class.getResourceAsStream("/META-INF/sluice/LICENSE")) {
      return of(
          new String(Optional.ofNullable(in).orElseThrow().readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("the jar has no licence", e);
    }
  }

  static List<Section> of(String text) {
    List<Section> sections = new ArrayList<>();
    Matcher heading = HEADING.matcher(text);
    int start = -1;
    String title = "";
    while (heading.find()) {
      if (start >= 0) {
        sections.add(new Section(title, text.substring(start, heading.start()).strip()));
      }
      start = heading.start();
      title = heading.group(1);
    }
    if (start >= 0) {
      int end = text.indexOf("END OF TERMS", start);
      sections.add(
          new Section(title, text.substring(start, end < 0 ? text.length() : end).strip()));
    }
    return sections;
  }
}
