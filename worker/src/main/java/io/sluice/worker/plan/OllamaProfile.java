package io.sluice.worker.plan;

import java.util.LinkedHashMap;
import java.util.Map;

/** How to run Ollama so that a plan holds. */
public record OllamaProfile(SlotPlan.Planned plan) {
  private static final int QUEUE_PER_SLOT = 2;
  private static final int BATCH_TOKENS = 512;

  /** Environment variables, in the order in which they are best read. */
  public Map<String, String> variables() {
    Map<String, String> all = new LinkedHashMap<>();
    int slots = Math.max(1, plan.slots());
    int models = plan.memory().residents().size();
    all.put("OLLAMA_HOST", "127.0.0.1:11434");
    all.put("OLLAMA_NUM_PARALLEL", String.valueOf(slots));
    all.put("OLLAMA_MAX_LOADED_MODELS", String.valueOf(models));
    all.put("OLLAMA_CONTEXT_LENGTH", String.valueOf(contextTokens()));
    all.put("OLLAMA_KV_CACHE_TYPE", plan.kv().wireName());
    all.put("OLLAMA_FLASH_ATTENTION", "1");
    all.put("OLLAMA_KEEP_ALIVE", "-1");
    all.put("OLLAMA_LOAD_TIMEOUT", "15m");
    all.put("OLLAMA_MAX_QUEUE", String.valueOf(QUEUE_PER_SLOT * slots));
    all.put("OLLAMA_NO_CLOUD", "1");
    all.put("LLAMA_ARG_FIT_TARGET", String.valueOf(plan.memory().reserve().fitBytes() / Bytes.MIB));
    return all;
  }

  /** The lines of a Modelfile that bakes in what must never differ between requests. */
  public String modelfile(Resident resident) {
    return """
        FROM %s
        PARAMETER num_ctx %d
        PARAMETER num_batch %d
        """
        .formatted(resident.shape().name(), resident.contextTokens(), BATCH_TOKENS);
  }

  private int contextTokens() {
    return plan.memory().residents().stream().mapToInt(Resident::contextTokens).max().orElseThrow();
  }
}
