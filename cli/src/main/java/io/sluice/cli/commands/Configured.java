package io.sluice.cli.commands;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.Declared;
import io.sluice.cli.settings.LogSettings;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** A command with settings: each of its groups' settings is a flag. */
public abstract class Configured implements Callable<Integer> {
  private final Console console;
  private final List<Class<? extends Record>> groups;
  private CommandLine line;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this help")
  private boolean help;

  Configured(Console console, List<Class<? extends Record>> groups) {
    this.console = console;
    this.groups = new ArrayList<>(groups);
    this.groups.add(LogSettings.class);
  }

  /** Runs the command; what goes wrong is thrown. */
  abstract Exit run(Settings settings) throws Exception;

  /** What becomes of settings that are wrong: they are told and nothing is done. */
  Exit unreadable(Refusal problems) {
    throw problems;
  }

  public CommandLine commandLine() {
    line = new CommandLine(this);
    CommandSpec spec = line.getCommandSpec();
    groups.forEach(group -> Declared.of(group).forEach(one -> spec.addOption(option(one))));
    return line;
  }

  @Override
  public final Integer call() throws Exception {
    Settings settings;
    try {
      settings = Settings.read(groups, flags(), console.environment());
    } catch (Refusal problems) {
      return unreadable(problems).code();
    }
    settings.get(LogSettings.class).apply();
    return run(settings).code();
  }

  final Console console() {
    return console;
  }

  private static OptionSpec option(Declared declared) {
    String alone = declared.setting().alone();
    return OptionSpec.builder(declared.setting().flag())
        .paramLabel(declared.setting().value())
        .description(declared.help().replace("%", "%%"))
        .type(declared.repeatable() ? List.class : String.class)
        .auxiliaryTypes(String.class)
        .arity(alone.isEmpty() ? "1" : "0..1")
        .fallbackValue(alone)
        .build();
  }

  private Map<String, List<String>> flags() {
    ParseResult parsed = line.getParseResult();
    Map<String, List<String>> flags = new HashMap<>();
    for (Class<? extends Record> group : groups) {
      for (Declared declared : Declared.of(group)) {
        String flag = declared.setting().flag();
        flags.put(
            flag,
            declared.repeatable()
                ? parsed.matchedOptionValue(flag, List.of())
                : Optional.ofNullable(parsed.<String>matchedOptionValue(flag, null)).stream()
                    .toList());
      }
    }
    return flags;
  }
}
