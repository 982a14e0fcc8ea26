package io.sluice.worker.plan;

import java.util.List;

/** A look at the GPUs of this machine. */
public interface Gpus {
  /** Looks now. Blocks, for no more than a few seconds; never throws. */
  Look look();

  /** What was seen. */
  sealed interface Look {
    /** The GPUs, at least one. */
    record Found(List<GpuReading> readings) implements Look {
      public Found {
        readings = List.copyOf(readings);
      }

      public List<Gpu> gpus() {
        return readings.stream().map(GpuReading::gpu).toList();
      }
    }

    /**
     * None can be seen.
     *
     * @param why such as a tool that is not installed; no whole sentence
     */
    record None(String why) implements Look {}
  }
}
