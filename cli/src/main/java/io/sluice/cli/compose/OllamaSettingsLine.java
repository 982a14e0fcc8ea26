package io.sluice.cli.compose;

import io.sluice.worker.plan.OllamaProfile;
import io.sluice.worker.plan.SlotPlan;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What of Ollama's environment decides whether a plan holds, in one line. */
final class OllamaSettingsLine {
  private static final List<String> NAMES =
      List.of(
          "OLLAMA_NUM_PARALLEL",
          "OLLAMA_CONTEXT_LENGTH",
          "OLLAMA_KV_CACHE_TYPE",
          "OLLAMA_FLASH_ATTENTION",
          "OLLAMA_MAX_LOADED_MODELS");

  private OllamaSettingsLine() {}

  static String of(SlotPlan.Planned planned) {
    Map<String, String> all = new OllamaProfile(planned).variables();
    return NAMES.stream().map(name -> name + "=" + all.get(name)).collect(Collectors.joining(" "));
  }
}
