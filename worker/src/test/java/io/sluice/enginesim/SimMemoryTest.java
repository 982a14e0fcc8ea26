package io.sluice.enginesim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SimMemoryTest {
  private static final int CONTEXT = 8_192;

  @Test
  void what_is_outside_the_gpu_is_slower() {
    Duration token = Duration.ofMillis(20);
    assertThat(new SimMemory.Placed(40, 40).slowed(token)).isEqualTo(token);
    assertThat(new SimMemory.Placed(40, 20).slowed(token)).isEqualTo(Duration.ofMillis(210));
    assertThat(new SimMemory.Placed(40, 0).slowed(token)).isEqualTo(Duration.ofMillis(400));
  }

  @Test
  void ten_slots_of_8k_fit_24_gib_and_eleven_do_not() {
    SimMemory memory = SimMemory.of(24L << 30);
    assertThat(memory.place(CONTEXT, 10, 0).orElseThrow().isWhole()).isTrue();
    assertThat(memory.place(CONTEXT, 11, 0).orElseThrow().isWhole()).isFalse();
    assertThat(memory.failing().place(CONTEXT, 11, 0)).isEmpty();
  }

  @Test
  void another_model_leaves_less() {
    SimMemory memory = SimMemory.of(24L << 30);
    long first = memory.place(CONTEXT, 1, 0).orElseThrow().gpuBytes();
    assertThat(memory.place(CONTEXT, 3, first).orElseThrow().isWhole()).isTrue();
    assertThat(memory.place(CONTEXT, 4, first).orElseThrow().isWhole()).isFalse();
  }

  @Test
  void without_a_gpu_nothing_is_on_it_and_nothing_fails() {
    assertThat(SimMemory.NO_GPU.failing().place(CONTEXT, 4, 0).orElseThrow().gpuBytes()).isZero();
  }
}
