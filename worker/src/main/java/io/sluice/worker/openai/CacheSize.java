package io.sluice.worker.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import io.sluice.worker.http.Call;
import io.sluice.worker.http.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many tokens a server's key-value cache holds, asked in each one's own way. */
record CacheSize(Call call, Endpoint endpoint) {
  private static final Logger LOG = LoggerFactory.getLogger(CacheSize.class);
  private static final Pattern VLLM = Pattern.compile("(?m)^vllm:cache_config_info\\{([^}]*)}");
  private static final Pattern BLOCKS = Pattern.compile("\\bnum_gpu_blocks=\"([0-9]{1,12})\"");
  private static final Pattern BLOCK_TOKENS = Pattern.compile("\\bblock_size=\"([0-9]{1,9})\"");
  private static final Pattern SGLANG =
      Pattern.compile(
          "(?m)^sglang:max_total_num_tokens\\S* ([0-9]{1,15}(\\.[0-9]+)?(e\\+?[0-9]{1,2})?)$");

  /** Asks the metrics of vLLM and SGLang, and then the properties of llama-server. */
  OptionalLong ask(Duration within) {
    OptionalLong counted =
        body("/metrics", within).map(CacheSize::ofMetrics).orElse(OptionalLong.empty());
    return counted.isPresent()
        ? counted
        : body("/props", within).map(CacheSize::ofProperties).orElse(OptionalLong.empty());
  }

  /** Of several engines of one server the sum, since it spreads requests over them. */
  static OptionalLong ofMetrics(String metrics) {
    long tokens = 0;
    for (Matcher engine = VLLM.matcher(metrics); engine.find(); ) {
      tokens += number(BLOCKS, engine.group(1)) * number(BLOCK_TOKENS, engine.group(1));
    }
    for (Matcher pool = SGLANG.matcher(metrics); pool.find(); ) {
      tokens += (long) Double.parseDouble(pool.group(1));
    }
    return tokens > 0 ? OptionalLong.of(tokens) : OptionalLong.empty();
  }

  private static OptionalLong ofProperties(String properties) {
    try {
      JsonNode read = Json.parse(properties);
      long slots = read.path("total_slots").asLong(0);
      long context = read.path("default_generation_settings").path("n_ctx").asLong(0);
      return slots * context > 0 ? OptionalLong.of(slots * context) : OptionalLong.empty();
    } catch (CodecException e) {
      return OptionalLong.empty();
    }
  }

  private static long number(Pattern pattern, String labels) {
    Matcher found = pattern.matcher(labels);
    return found.find() ? Long.parseLong(found.group(1)) : 0;
  }

  private Optional<String> body(String path, Duration within) {
    try {
      Call.Answer answer = call.ask(endpoint.get(path).build(), within);
      return Optional.of(answer.body()).filter(body -> answer.status() == 200);
    } catch (IOException | TimeoutException e) {
      LOG.debug("No {}: {}", path, e.toString());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
