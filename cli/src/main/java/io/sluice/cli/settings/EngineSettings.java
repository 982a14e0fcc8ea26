package io.sluice.cli.settings;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The model servers of a worker, and of {@code up}.
 *
 * @param urls where they are; at least one
 */
public record EngineSettings(
    @Setting(
            flag = "--engine",
            variable = "SLUICE_ENGINE_URL",
            value = "URL",
            standard = "http://127.0.0.1:11434",
            text = "the model server; several: repeat it, or commas in the variable")
        List<URI> urls,
    @Setting(
            flag = "--engine-kind",
            variable = "SLUICE_ENGINE_KIND",
            value = "KIND",
            standard = "ollama",
            text = "the protocol of the model server: ollama")
        Kind kind,
    @Setting(
            flag = "--slots",
            variable = "SLUICE_SLOTS",
            value = "N",
            standard = "1",
            min = 1,
            max = 1024,
            text = "requests that each model server gets at once; its OLLAMA_NUM_PARALLEL")
        int slots) {
  public EngineSettings {
    urls = List.copyOf(urls);
  }

  /** One model server. */
  public EngineSettings(URI url, Kind kind, int slots) {
    this(List.of(url), kind, slots);
  }

  /** All of them in one line, for people. */
  public String shown() {
    return urls.stream().map(URI::toString).collect(Collectors.joining(", "));
  }

  /** The protocols that a worker speaks. */
  public enum Kind {
    OLLAMA
  }
}
