package io.sluice.cli.settings;

import java.util.stream.Collectors;

/** The table of all settings, as the documentation shows it. */
public final class SettingsTable {
  private SettingsTable() {}

  public static String markdown() {
    return Declared.all()
        .map(SettingsTable::row)
        .collect(
            Collectors.joining(
                "\n", "| Flag | Variable | Default | What it is |\n|---|---|---|---|\n", "\n"));
  }

  private static String row(Declared declared) {
    Setting setting = declared.setting();
    String standard = setting.standard().isEmpty() ? "" : "`" + setting.standard() + "`";
    return "| `%s %s` | `%s` | %s | %s |"
        .formatted(setting.flag(), setting.value(), setting.variable(), standard, setting.text());
  }
}
