package io.sluice.cli.plan;

import io.sluice.Pool;
import io.sluice.cli.terminal.Console;
import io.sluice.worker.plan.Bytes;
import io.sluice.worker.plan.Gpu;
import io.sluice.worker.plan.GpuReading;
import io.sluice.worker.plan.Gpus;
import io.sluice.worker.plan.KvType;
import io.sluice.worker.plan.MemoryPlan;
import io.sluice.worker.plan.ModelShape;
import io.sluice.worker.plan.OllamaProfile;
import io.sluice.worker.plan.Resident;
import io.sluice.worker.plan.SlotPlan;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** A plan for people: at most 80 columns. */
public final class PlanText {
  private static final int WIDTH = 78;

  private final PrintStream out;
  private final Subject subject;

  public PlanText(PrintStream out, Subject subject) {
    this.out = out;
    this.subject = subject;
  }

  public void print() {
    for (ModelShape model : subject.shapes()) {
      model(model);
      table(model);
    }
    switch (subject.chosen()) {
      case SlotPlan.Planned planned -> chosen(planned);
      case SlotPlan.Unplanned unplanned -> {
        wrapped("No GPU is known: " + unplanned.why() + ".");
        wrapped("Name its memory, as in: sluice plan --gpu 24GiB");
      }
    }
  }

  private void model(ModelShape model) {
    line(
        "%s  (%s, %s, %d layers, trained for %,d tokens)",
        model.name(),
        model.architecture(),
        model.quantisation(),
        model.layers(),
        model.trainedTokens());
    model.caveats().forEach(caveat -> wrapped("note: " + caveat));
    line("");
    if (subject.look() instanceof Gpus.Look.Found found) {
      memory(found, MemoryPlan.of(found.gpus(), model, 1));
    } else {
      line("  weights on the GPU  %s", Bytes.gib(model.weightBytes()));
      line("");
    }
  }

  private void memory(Gpus.Look.Found found, MemoryPlan plan) {
    int gpus = found.readings().size();
    found.readings().forEach(this::gpu);
    part("driver and context", gpus * plan.reserve().driverBytes(), "");
    part("margin of llama-server", gpus * plan.reserve().fitBytes(), "LLAMA_ARG_FIT_TARGET");
    part("weights", plan.residents().getFirst().shape().weightBytes(), "");
    part(
        "compute buffer",
        gpus * plan.computeBytes(),
        "%,d tokens at once".formatted(plan.reserve().batchTokens()));
    line("  = %-22s %10s", "left for slots", Bytes.gib(Math.max(0, plan.cacheBytes())));
    line("");
  }

  private void gpu(GpuReading reading) {
    String name = reading.gpu().name().isEmpty() ? "GPU" : reading.gpu().name();
    String used =
        reading.usedBytes() == 0 ? "" : "  " + Bytes.gib(reading.usedBytes()) + " in use now";
    line("    %-22.22s %10s%s", Console.harmless(name), Bytes.gib(reading.gpu().bytes()), used);
  }

  private void part(String what, long bytes, String note) {
    line("  - %-22s %10s  %s", what, Bytes.gib(bytes), note);
  }

  private void table(ModelShape model) {
    List<Gpu> gpus =
        subject.look() instanceof Gpus.Look.Found found ? found.gpus() : List.<Gpu>of();
    List<Pool> pools =
        subject.pools().stream().filter(it -> it.model().equals(model.name())).toList();
    Table table = Table.of(model, gpus, pools);
    StringBuilder head = new StringBuilder("  slots" + " ".repeat(gpus.isEmpty() ? 9 : 2));
    table.contexts().forEach(tokens -> head.append("%7s".formatted(context(tokens))));
    line("%s%10s", head, "tokens");
    for (Table.Row row : table.rows()) {
      row(row, gpus.isEmpty(), table, pools);
    }
    line("");
  }

  private void row(Table.Row row, boolean named, Table table, List<Pool> pools) {
    String size = Math.round((double) row.gpus().getFirst().bytes() / Bytes.GIB) + " GiB";
    StringBuilder text = new StringBuilder("  ");
    text.append(
        named
            ? "%-7s%-7s".formatted(size, row.kv().wireName())
            : "%-7s".formatted(row.kv().wireName()));
    for (int i = 0; i < row.slots().size(); i++) {
      int tokens = table.contexts().get(i);
      boolean chosen =
          !named
              && row.kv() == subject.kv()
              && pools.stream().anyMatch(pool -> pool.contextTokens() == tokens);
      text.append("%7s".formatted((chosen ? "*" : "") + row.slots().get(i)));
    }
    line("%s%,10d", text, row.tokens());
  }

  private void chosen(SlotPlan.Planned plan) {
    String pools = String.join(" and ", subject.pools().stream().map(Pool::toString).toList());
    wrapped(
        "* Chosen: "
            + (plan.slots() == 1 ? "1 slot" : plan.slots() + " slots")
            + " for "
            + pools
            + " with "
            + plan.kv().wireName()
            + " keys and values.");
    wrapped("  What limits it: " + plan.why() + ".");
    other(plan);
    clamped(plan);
    if (plan.slots() == 0) {
      wrapped("  As it is, the engine would move layers to the CPU and be many times slower.");
      return;
    }
    settings(plan);
  }

  /** What a smaller type would give. */
  private void other(SlotPlan.Planned plan) {
    int smaller = plan.memory().slots(KvType.Q8_0);
    if (plan.kv() == KvType.F16 && smaller > plan.slots() && oneSlotNowhere(plan)) {
      wrapped("  With --kv q8_0 there would be " + smaller + ".");
    }
  }

  private static boolean oneSlotNowhere(SlotPlan.Planned plan) {
    return plan.memory().residents().stream().allMatch(it -> it.shape().oneSlot().isEmpty());
  }

  private void clamped(SlotPlan.Planned plan) {
    for (Resident one : plan.memory().residents()) {
      if (one.contextTokens() > one.shape().trainedTokens()) {
        wrapped(
            "  note: %s was trained for %,d tokens, to which Ollama cuts longer contexts."
                .formatted(one.shape().name(), one.shape().trainedTokens()));
      }
    }
    if (subject.pools().size() > plan.memory().residents().size()) {
      wrapped("  note: one engine loads a model at one context at a time, here the largest.");
    }
  }

  private void settings(SlotPlan.Planned plan) {
    OllamaProfile profile = new OllamaProfile(plan);
    line("");
    line("Run the engine with");
    profile.variables().forEach((name, value) -> line("  %s=%s", name, value));
    plan.memory()
        .residents()
        .forEach(
            one -> {
              line("");
              line("Modelfile of %s, so that no request can load it anew", one.shape().name());
              profile.modelfile(one).lines().forEach(text -> line("  %s", text));
            });
    line("");
    line("and Sluice with");
    String models = String.join("", subject.pools().stream().map(it -> " --model " + it).toList());
    line("  sluice up%s --slots %d", models, plan.slots());
  }

  private static String context(int tokens) {
    return tokens % 1024 == 0 ? tokens / 1024 + "k" : String.valueOf(tokens);
  }

  /** Breaks a sentence into lines; those after the first are set in. */
  private void wrapped(String text) {
    String indent = text.startsWith("  ") || text.startsWith("*") ? "  " : "";
    StringBuilder line = new StringBuilder(text.startsWith("  ") ? "  " : "");
    for (String word : text.strip().split(" ")) {
      if (line.length() + word.length() > WIDTH) {
        out.println(line.toString().stripTrailing());
        line = new StringBuilder(indent);
      }
      line.append(word).append(' ');
    }
    out.println(line.toString().stripTrailing());
  }

  private void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values).stripTrailing());
  }
}
