package io.sluice.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A shell that outlives this JVM by a moment: its standard input ends when the JVM does, however
 * that happens, and then it kills the process groups and removes the folders that it was told of.
 */
final class Watchdog {
  private static final String SCRIPT =
      """
      groups= folders=
      while read -r what it; do
        case $what in
          group) groups="$groups $it" ;;
          gone) groups=$(for g in $groups; do [ "$g" = "$it" ] || printf ' %s' "$g"; done) ;;
          folder) folders="$folders $it" ;;
        esac
      done
      for g in $groups; do kill -s KILL -- "-$g" 2>/dev/null; done
      for f in $folders; do rm -rf -- "$f"; done
      """;

  private static final Watchdog ONLY = new Watchdog();

  private Writer orders;

  private Watchdog() {}

  static void guard(long group) {
    ONLY.tell("group " + group);
  }

  static void release(long group) {
    ONLY.tell("gone " + group);
  }

  static void remove(Path folder) {
    ONLY.tell("folder " + folder);
  }

  private synchronized void tell(String order) {
    try {
      if (orders == null) {
        // A session of its own, or a Ctrl-C that ends the tests would end the watchdog first.
        Process shell =
            new ProcessBuilder("setsid", "sh", "-c", SCRIPT)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        orders = shell.outputWriter(StandardCharsets.UTF_8);
      }
      orders.write(order + "\n");
      orders.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("no watchdog", e);
    }
  }
}
