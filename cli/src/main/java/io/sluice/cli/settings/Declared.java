package io.sluice.cli.settings;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A setting as its record declares it. */
public record Declared(RecordComponent field, Setting setting) {
  /** The settings of a record, in order; every field must have one. */
  public static List<Declared> of(Class<? extends Record> group) {
    return Arrays.stream(group.getRecordComponents())
        .map(field -> new Declared(field, field.getAnnotation(Setting.class)))
        .toList();
  }

  /** Every setting that there is. */
  public static Stream<Declared> all() {
    return Settings.GROUPS.stream().flatMap(group -> of(group).stream());
  }

  /** May be given several times; its variable then takes a list with commas. */
  public boolean repeatable() {
    return field.getType() == List.class;
  }

  /** A line of help: what it is, its variable, its default. */
  public String help() {
    String standard = setting.standard().isEmpty() ? "" : ", else " + setting.standard();
    return setting.text() + " (" + setting.variable() + standard + ")";
  }
}
