package io.sluice.cli.settings;

import io.sluice.Pool;
import java.util.List;

/** Which models are served. */
public record ModelSettings(
    @Setting(
            flag = "--model",
            variable = "SLUICE_MODEL",
            value = "NAME[@CTX]",
            text =
                "a model and its context, such as qwen3:14b@16k; 8k where none is named; several:"
                    + " repeat it, or commas in the variable; up takes the engine's newest if none")
        List<Pool> models) {}
