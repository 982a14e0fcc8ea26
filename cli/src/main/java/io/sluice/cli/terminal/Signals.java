package io.sluice.cli.terminal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * The signals that ask a process to stop. Java has no supported way to hear a second one, or to end
 * with 0 after the first, so this uses {@code sun.misc.Signal}, by reflection since it is no part
 * of Java's own API.
 */
public final class Signals {
  private Signals() {}

  /** Calls {@code stop} at each SIGINT and SIGTERM, in a thread of its own, instead of exiting. */
  public static void onStop(Runnable stop) {
    for (String name : new String[] {"INT", "TERM"}) {
      handle(name, stop);
    }
  }

  private static void handle(String name, Runnable stop) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> answer(self, method, arguments, stop));
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (InvocationTargetException e) {
      // The JVM was told to leave signals alone (-Xrs): it then dies of them, as it would anyway.
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java has no signals", e);
    }
  }

  private static Object answer(Object self, Method method, Object[] arguments, Runnable stop) {
    return switch (method.getName()) {
      case "handle" -> {
        stop.run();
        yield null;
      }
      case "equals" -> self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      default -> "stop";
    };
  }
}
