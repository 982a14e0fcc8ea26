package io.sluice.worker;

import io.sluice.FailureCode;
import java.util.Locale;
import java.util.Optional;

/** What says that a model server has more requests at a time than it can bear: a closed list. */
public enum SlotTrouble {
  /** It ran out of memory. */
  OUT_OF_MEMORY,
  /** It refused a request because it has too many, perhaps those of somebody else. */
  BUSY,
  /** It keeps a part of the model outside the GPU. */
  SPILL;

  /** The trouble that a failed job tells of, if it does. */
  static Optional<SlotTrouble> of(FailureCode code) {
    return switch (code) {
      case ENGINE_OUT_OF_MEMORY -> Optional.of(OUT_OF_MEMORY);
      case ENGINE_BUSY -> Optional.of(BUSY);
      default -> Optional.empty();
    };
  }

  /** The name in metrics and logs: {@code out_of_memory}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
