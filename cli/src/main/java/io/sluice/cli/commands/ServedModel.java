package io.sluice.cli.commands;

import io.sluice.Pool;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.DataSettings;
import io.sluice.cli.settings.ModelSettings;
import io.sluice.cli.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.LoggerFactory;

/** The model that a client on the same machine means when it names none. */
final class ServedModel {
  private static final String FILE = "model";

  private ServedModel() {}

  /** Leaves the name for clients; without it they must name a model themselves. */
  static void remember(Path data, Pool pool) {
    try {
      Files.writeString(data.resolve(FILE), pool.model() + "\n");
    } catch (IOException e) {
      LoggerFactory.getLogger(ServedModel.class).warn("cannot write {}: {}", FILE, e.toString());
    }
  }

  /** The model that was set, else the one that is served here. */
  static String of(Settings settings) {
    List<Pool> named = settings.get(ModelSettings.class).models();
    if (!named.isEmpty()) {
      return named.getFirst().model();
    }
    Path file = settings.get(DataSettings.class).data().resolve(FILE);
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new Refusal(Exit.USAGE, "which model? Say --model NAME or set SLUICE_MODEL");
    }
  }
}
