package io.sluice.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import io.sluice.tokens.Qwen3Tokens;
import io.sluice.tokens.RequestTokens;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to find that a prompt is too long, for texts that tokenizers dislike. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class LongPromptBenchmark {
  @Param({"a", " ", "!", "字", "😀", "\u0301", "some words "})
  public String unit;

  @Param({"1", "8"})
  public int mebibytes;

  @Param({"10240", "100000"})
  public int bound;

  private final Qwen3Tokens counter = new Qwen3Tokens();
  private JsonNode request;

  @Setup
  public void prepare() {
    Qwen3Tokens.load();
    String text = unit.repeat((mebibytes << 20) / unit.length());
    request = Json.object().put("prompt", text);
  }

  @Benchmark
  public int count() {
    return RequestTokens.count(counter, request, bound);
  }
}
