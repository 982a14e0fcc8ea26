package io.sluice.cli.settings;

import io.sluice.Limit;
import io.sluice.Pool;
import io.sluice.address.AddressRange;
import io.sluice.gateway.token.OutsideIssuer;
import io.sluice.gateway.webhook.PortRange;
import io.sluice.worker.plan.Gpu;
import io.sluice.worker.plan.KvType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text of a setting as the type of its field, or says what is wrong with it. */
final class Values {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s|m|h|d)");

  private Values() {}

  /**
   * The value of a field, from texts in order; a list takes all of them, anything else the last.
   */
  static Object read(Declared declared, List<String> texts) {
    Type type = declared.field().getGenericType();
    if (declared.repeatable()) {
      Type element = ((ParameterizedType) type).getActualTypeArguments()[0];
      return all(declared.setting(), element, texts);
    }
    if (declared.field().getType() == Optional.class) {
      Type element = ((ParameterizedType) type).getActualTypeArguments()[0];
      return texts.isEmpty()
          ? Optional.empty()
          : Optional.of(one(declared.setting(), element, texts.getLast()));
    }
    return one(declared.setting(), type, texts.getLast());
  }

  /** Says what is wrong with every one of them. */
  private static List<Object> all(Setting setting, Type element, List<String> texts) {
    List<Object> values = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String text : texts) {
      try {
        values.add(one(setting, element, text));
      } catch (IllegalArgumentException e) {
        problems.add(e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    // Two GPUs of one size are two.
    return element == Gpu.class ? values : values.stream().distinct().toList();
  }

  private static Object one(Setting setting, Type type, String text) {
    if (type == int.class || type == Integer.class) {
      return number(setting, text);
    }
    if (type == String.class) {
      return text;
    }
    if (type == Path.class) {
      return path(text);
    }
    if (type == URI.class) {
      return http(text);
    }
    if (type == Duration.class) {
      return duration(setting, text);
    }
    if (type == Pool.class) {
      return Pool.parse(text);
    }
    if (type == Gpu.class) {
      return Gpu.parse(text);
    }
    if (type == SlotCount.class) {
      return SlotCount.parse(text);
    }
    if (type == LimitNumber.class) {
      return LimitNumber.parse(text);
    }
    if (type == OutsideIssuer.class) {
      return IssuerText.parse(text);
    }
    if (type == AddressRange.class) {
      return AddressRange.parse(text);
    }
    if (type == PortRange.class) {
      return PortRange.parse(text);
    }
    if (type == Secret.class) {
      return secret(text);
    }
    if (type == ServiceUrl.class) {
      return new ServiceUrl(uri(text, "an address such as amqp://user:password@host:5672"));
    }
    if (type instanceof Class<?> choice && choice.isEnum()) {
      return choice(choice, text);
    }
    throw new IllegalStateException("no reader for " + type);
  }

  private static int number(Setting setting, String text) {
    try {
      long number = Long.parseLong(text);
      if (number >= setting.min() && number <= setting.max()) {
        return (int) number;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number out of range.
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not a whole number from " + setting.min() + " to " + setting.max());
  }

  private static Path path(String text) {
    String home = System.getProperty("user.home");
    try {
      return Path.of(text.startsWith("~/") ? home + text.substring(1) : text).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'" + text + "' is not a path");
    }
  }

  private static URI http(String text) {
    String wanted = "an address such as http://127.0.0.1:11434";
    URI uri = uri(text, wanted);
    if (!"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
      throw new IllegalArgumentException("'" + text + "' is not " + wanted);
    }
    return text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : uri;
  }

  /** Never shows the text, which may hold a password, unless it has none. */
  private static URI uri(String text, String wanted) {
    try {
      URI uri = new URI(text);
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below, without the text that the exception quotes.
    }
    throw new IllegalArgumentException(
        (text.contains("@") ? "the value" : "'" + text + "'") + " is not " + wanted);
  }

  private static Duration duration(Setting setting, String text) {
    Matcher form = DURATION.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not a duration such as 90s, 10m, 24h");
    }
    long amount = Long.parseLong(form.group(1));
    Duration duration =
        switch (form.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        };
    if (duration.toSeconds() < setting.min() || duration.toSeconds() > setting.max()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not between " + setting.min() + "s and " + setting.max() + "s");
    }
    return duration;
  }

  private static Object choice(Class<?> type, String text) {
    List<String> names =
        java.util.Arrays.stream(type.getEnumConstants())
            .map(constant -> name((Enum<?>) constant))
            .toList();
    int index = names.indexOf(text.toLowerCase(Locale.ROOT));
    if (index < 0) {
      throw new IllegalArgumentException("'" + text + "' is none of " + String.join(", ", names));
    }
    return type.getEnumConstants()[index];
  }

  /** Limits are named as in answers and types as in the engine, with underscores; else as flags. */
  private static String name(Enum<?> constant) {
    String name = constant.name().toLowerCase(Locale.ROOT);
    return constant instanceof Limit || constant instanceof KvType ? name : name.replace('_', '-');
  }

  /** What a header can carry; the value itself is not repeated in the message. */
  static Secret secret(String text) {
    if (text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("a key has only printable ASCII characters, no spaces");
    }
    return new Secret(text);
  }
}
