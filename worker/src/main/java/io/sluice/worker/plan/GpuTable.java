package io.sluice.worker.plan;

import io.sluice.worker.plan.Gpus.Look;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rows of nvidia-smi: index, name, MiB in all, MiB used, per cent of load. */
final class GpuTable {
  private static final int GPUS_MAX = 64;

  /** A name may hold a comma. What a card does not tell is {@code [N/A]}. */
  private static final Pattern ROW =
      Pattern.compile(
          "([0-9]{1,3}), *(.{1,100}), *([0-9]{1,9}), *([0-9]{1,9}|\\[.*\\]), *([0-9]{1,3}|\\[.*\\])");

  private GpuTable() {}

  static Look read(String text) {
    List<GpuReading> readings = new ArrayList<>();
    for (String line : text.lines().map(String::strip).filter(it -> !it.isEmpty()).toList()) {
      Matcher row = ROW.matcher(line);
      if (!row.matches() || row.group(3).matches("0+") || readings.size() == GPUS_MAX) {
        return new Look.None("nvidia-smi tells no memory of a GPU: name its size with --gpu");
      }
      readings.add(reading(row));
    }
    return readings.isEmpty() ? new Look.None("nvidia-smi lists no GPU") : new Look.Found(readings);
  }

  private static GpuReading reading(Matcher row) {
    return new GpuReading(
        Integer.parseInt(row.group(1)),
        new Gpu(row.group(2).strip(), Long.parseLong(row.group(3)) * Bytes.MIB),
        number(row.group(4)).orElse(0) * Bytes.MIB,
        number(row.group(5)));
  }

  private static OptionalInt number(String cell) {
    return cell.startsWith("[") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(cell));
  }
}
