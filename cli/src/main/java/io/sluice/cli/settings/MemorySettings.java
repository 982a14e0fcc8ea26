package io.sluice.cli.settings;

import io.sluice.worker.plan.Gpu;
import io.sluice.worker.plan.KvType;
import java.util.List;

/** The memory that the model server has. */
public record MemorySettings(
    @Setting(
            flag = "--gpu",
            variable = "SLUICE_GPU",
            value = "SIZE",
            text =
                "the memory of a GPU of the model server, such as 24GiB; several: repeat it, or"
                    + " commas in the variable; asked of nvidia-smi if the model server is on this"
                    + " machine")
        List<Gpu> gpus,
    @Setting(
            flag = "--kv",
            variable = "SLUICE_KV",
            value = "TYPE",
            standard = "f16",
            text =
                "how the model server keeps keys and values, its OLLAMA_KV_CACHE_TYPE: f16, q8_0 or q4_0")
        KvType kv,
    @Setting(
            flag = "--spill",
            variable = "SLUICE_SPILL",
            value = "WHAT",
            standard = "refuse",
            text =
                "what a worker does about a model that Ollama keeps partly outside its GPU, many times"
                    + " slower: refuse to serve it, or allow")
        Spill spill) {
  /** Nothing is named. */
  public static final MemorySettings DEFAULT =
      new MemorySettings(List.of(), KvType.F16, Spill.REFUSE);

  /** What is done about a model that is partly outside the GPU. */
  public enum Spill {
    REFUSE,
    ALLOW
  }
}
