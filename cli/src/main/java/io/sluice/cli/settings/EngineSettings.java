package io.sluice.cli.settings;

import java.net.URI;

/** The model server. */
public record EngineSettings(
    @Setting(
            flag = "--engine",
            variable = "SLUICE_ENGINE_URL",
            value = "URL",
            standard = "http://127.0.0.1:11434",
            text = "the model server")
        URI url,
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
            text = "requests that the model server gets at once; its OLLAMA_NUM_PARALLEL")
        int slots) {

  /** The protocols that a worker speaks. */
  public enum Kind {
    OLLAMA
  }
}
