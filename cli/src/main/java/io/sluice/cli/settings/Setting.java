package io.sluice.cli.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How a record's field is set from outside. A flag wins over its variable. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** The flag: {@code --port}. */
  String flag();

  /** The environment variable: {@code SLUICE_PORT}. */
  String variable();

  /** What stands for the value in the help text: {@code PORT}. */
  String value();

  /** The value where nothing is set; none if empty, which only an optional or a list can be. */
  String standard() default "";

  /** The value that the flag alone means; empty where it needs one. */
  String alone() default "";

  /** The smallest number allowed. */
  long min() default 0;

  /** The largest number allowed. */
  long max() default Integer.MAX_VALUE;

  /** One sentence for the help text and the table. */
  String text();
}
