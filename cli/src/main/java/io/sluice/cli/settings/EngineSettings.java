package io.sluice.cli.settings;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.disk.SmallFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
            text =
                "the protocol of the model servers: ollama, or openai for vLLM, SGLang, llama-server")
        Kind kind,
    @Setting(
            flag = "--slots",
            variable = "SLUICE_SLOTS",
            value = "N",
            standard = "1",
            text =
                "requests that each model server gets at once, 1 to 1024; its OLLAMA_NUM_PARALLEL, or"
                    + " at most vLLM's max-num-seqs; auto for what fits the memory of its GPU")
        SlotCount slots,
    @Setting(
            flag = "--engine-tokens",
            variable = "SLUICE_ENGINE_TOKENS",
            value = "N",
            min = 256,
            text =
                "tokens that all running requests of one openai server hold together; else what it"
                    + " says, or a full context for each slot")
        Optional<Integer> tokens,
    @Setting(
            flag = "--engine-api-key",
            variable = "SLUICE_ENGINE_API_KEY",
            value = "KEY",
            text = "the key that openai servers want; others can see flags")
        Optional<Secret> key,
    @Setting(
            flag = "--engine-api-key-file",
            variable = "SLUICE_ENGINE_API_KEY_FILE",
            value = "FILE",
            text = "the file of that key, which others must not be able to read")
        Optional<Path> keyFile,
    @Setting(
            flag = "--calibrate",
            variable = "SLUICE_CALIBRATE",
            value = "WHEN",
            standard = "auto",
            alone = "yes",
            text =
                "whether it is measured first with how many slots, up to --slots, an Ollama server"
                    + " makes the most tokens, and so many are used: yes (the flag alone), no, or"
                    + " auto for with --slots auto")
        Calibrate calibrate)
    implements Settings.Checked {
  public EngineSettings {
    urls = List.copyOf(urls);
  }

  public EngineSettings(List<URI> urls, Kind kind, int slots) {
    this(
        urls,
        kind,
        SlotCount.of(slots),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Calibrate.AUTO);
  }

  /** One model server. */
  public EngineSettings(URI url, Kind kind, int slots) {
    this(List.of(url), kind, slots);
  }

  @Override
  public List<String> problems(Settings others) {
    List<String> problems = new ArrayList<>();
    if (key.isPresent() && keyFile.isPresent()) {
      problems.add("SLUICE_ENGINE_API_KEY and SLUICE_ENGINE_API_KEY_FILE: set one of them");
    }
    if (kind == Kind.OLLAMA && (key.isPresent() || keyFile.isPresent())) {
      problems.add("--engine-api-key: Ollama takes none; it is for --engine-kind openai");
    }
    if (kind == Kind.OPENAI && slots.isAuto()) {
      problems.add(
          "--slots: auto is for Ollama; an openai server says itself how many tokens it holds, so"
              + " name its max-num-seqs");
    }
    if (kind == Kind.OLLAMA && tokens.isPresent()) {
      problems.add("--engine-tokens: Ollama has slots; it is for --engine-kind openai");
    }
    if (kind != Kind.OLLAMA && calibrate == Calibrate.YES) {
      problems.add("--calibrate: it is for --engine-kind ollama, where slots bound what runs");
    }
    return problems;
  }

  /** The key to show; reads its file. */
  public Optional<String> apiKey() {
    return keyFile.map(EngineSettings::ofFile).or(() -> key).map(Secret::value);
  }

  private static Secret ofFile(Path file) {
    try {
      String text = new String(SmallFile.secret(file), StandardCharsets.UTF_8).strip();
      return Values.secret(text);
    } catch (IllegalArgumentException e) {
      throw new Refusal(
          Exit.CANNOT_START,
          "the engine's key (SLUICE_ENGINE_API_KEY_FILE " + file + "): " + e.getMessage());
    }
  }

  /** All of them in one line, for people. */
  public String shown() {
    return urls.stream().map(URI::toString).collect(Collectors.joining(", "));
  }

  /** The protocols that a worker speaks. */
  public enum Kind {
    OLLAMA,
    OPENAI
  }
}
