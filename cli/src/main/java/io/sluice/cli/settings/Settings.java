package io.sluice.cli.settings;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The settings of one command, read from its flags and the environment and found to be right. */
public final class Settings {
  /** Every group of settings; each is one record. */
  public static final List<Class<? extends Record>> GROUPS =
      List.of(
          ListenSettings.class,
          DataSettings.class,
          AmqpSettings.class,
          RedisSettings.class,
          ModelSettings.class,
          EngineSettings.class,
          EngineTlsSettings.class,
          MemorySettings.class,
          WorkerSettings.class,
          LimitSettings.class,
          CacheSettings.class,
          ConnectionSettings.class,
          TokenSettings.class,
          AuthSettings.class,
          WebhookSettings.class,
          FileSettings.class,
          BatchSettings.class,
          DocumentSettings.class,
          TlsSettings.class,
          AuditSettings.class,
          ClientSettings.class,
          LogSettings.class);

  private final Map<Class<?>, Record> groups;
  private final Set<String> given;

  private Settings(Map<Class<?>, Record> groups, Set<String> given) {
    this.groups = groups;
    this.given = given;
  }

  /**
   * Reads groups of settings. Reports every problem at once, in one {@link Refusal}.
   *
   * @param flags the values given to each flag, in order
   */
  public static Settings read(
      List<Class<? extends Record>> groups,
      Map<String, List<String>> flags,
      Map<String, String> environment) {
    List<String> problems = new ArrayList<>(Environment.unknown(environment));
    Map<Class<?>, Record> read = new HashMap<>();
    for (Class<? extends Record> group : groups) {
      int before = problems.size();
      Object[] values =
          Declared.of(group).stream()
              .map(declared -> value(declared, flags, environment, problems))
              .toArray();
      if (problems.size() == before) {
        read.put(group, create(group, values));
      }
    }
    Settings settings = new Settings(read, given(flags, environment));
    if (read.size() == groups.size()) {
      read.values().forEach(group -> check(group, settings, problems));
    }
    if (!problems.isEmpty()) {
      throw new Refusal(Exit.USAGE, String.join("\n", problems));
    }
    return settings;
  }

  private static void check(Record group, Settings settings, List<String> problems) {
    if (group instanceof Checked checked) {
      problems.addAll(checked.problems(settings));
    }
  }

  /** A group that was read. */
  public <R extends Record> R get(Class<R> group) {
    return group.cast(groups.get(group));
  }

  /** Whether somebody set it, by its flag or its variable. */
  public boolean given(String flag) {
    return given.contains(flag);
  }

  private static Set<String> given(
      Map<String, List<String>> flags, Map<String, String> environment) {
    return Declared.all()
        .map(Declared::setting)
        .filter(
            setting ->
                !flags.getOrDefault(setting.flag(), List.of()).isEmpty()
                    || !Environment.value(environment, setting.variable()).isBlank())
        .map(Setting::flag)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Object value(
      Declared declared,
      Map<String, List<String>> flags,
      Map<String, String> environment,
      List<String> problems) {
    Setting setting = declared.setting();
    List<String> given = flags.getOrDefault(setting.flag(), List.of());
    String source = setting.flag();
    if (given.isEmpty()) {
      given = split(declared, Environment.value(environment, setting.variable()));
      source = setting.variable();
    }
    if (given.isEmpty()) {
      given = split(declared, setting.standard());
    }
    try {
      return Values.read(declared, given);
    } catch (IllegalArgumentException e) {
      problems.add(source + ": " + e.getMessage());
      return null;
    }
  }

  private static List<String> split(Declared declared, String text) {
    if (text.isBlank()) {
      return List.of();
    }
    return declared.repeatable()
        ? Arrays.stream(text.split(",")).map(String::strip).filter(part -> !part.isEmpty()).toList()
        : List.of(text.strip());
  }

  private static Record create(Class<? extends Record> group, Object[] values) {
    Class<?>[] types =
        Arrays.stream(group.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return group.getConstructor(types).newInstance(values);
    } catch (InvocationTargetException | NoSuchMethodException | InstantiationException e) {
      throw new IllegalStateException(group + " cannot be made", e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(group + " must be public", e);
    }
  }

  /** A group with rules between its fields, or with other groups. */
  interface Checked {
    /** What is wrong, one sentence each. Asked when every field by itself is right. */
    List<String> problems(Settings others);
  }
}
