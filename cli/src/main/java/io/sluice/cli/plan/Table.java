package io.sluice.cli.plan;

import io.sluice.Pool;
import io.sluice.worker.plan.Gpu;
import io.sluice.worker.plan.KvType;
import io.sluice.worker.plan.MemoryPlan;
import io.sluice.worker.plan.ModelShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The slots of one model, by GPUs, type of keys and values, and context.
 *
 * @param contexts in tokens, ascending
 */
record Table(List<Integer> contexts, List<Row> rows) {
  private static final List<Integer> STANDARD_CONTEXTS =
      List.of(4_096, 8_192, 16_384, 32_768, 40_960, 131_072);

  /** Sizes of common cards, for where no GPU is known. */
  private static final List<Gpu> STANDARD_GPUS =
      IntStream.of(16, 24, 32, 48, 80).mapToObj(gib -> Gpu.parse(gib + "GiB")).toList();

  /**
   * @param gpus used together
   * @param slots for each context
   * @param tokens of context that fit in all
   */
  record Row(List<Gpu> gpus, KvType kv, List<Integer> slots, long tokens) {}

  /** A model on these GPUs together; on each common card where there are none. */
  static Table of(ModelShape model, List<Gpu> gpus, List<Pool> pools) {
    List<Integer> contexts =
        Stream.concat(STANDARD_CONTEXTS.stream(), pools.stream().map(Pool::contextTokens))
            .distinct()
            .sorted()
            .toList();
    List<List<Gpu>> machines =
        gpus.isEmpty() ? STANDARD_GPUS.stream().map(List::of).toList() : List.of(gpus);
    List<Row> rows = new ArrayList<>();
    for (List<Gpu> machine : machines) {
      Arrays.stream(KvType.values())
          .map(kv -> row(model, machine, kv, contexts))
          .forEach(rows::add);
    }
    return new Table(contexts, rows);
  }

  private static Row row(ModelShape model, List<Gpu> gpus, KvType kv, List<Integer> contexts) {
    List<Integer> slots =
        contexts.stream().map(tokens -> MemoryPlan.of(gpus, model, tokens).slots(kv)).toList();
    return new Row(gpus, kv, slots, MemoryPlan.of(gpus, model, contexts.getFirst()).tokens(kv));
  }
}
