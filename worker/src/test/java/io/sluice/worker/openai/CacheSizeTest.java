package io.sluice.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CacheSizeTest {
  @Test
  void vllm_says_blocks_for_each_of_its_engines() {
    String one = "vllm:cache_config_info{block_size=\"16\",num_gpu_blocks=\"573\",x=\"a\"} 1.0\n";
    assertThat(CacheSize.ofMetrics("# TYPE x gauge\n" + one)).hasValue(9168);
    assertThat(CacheSize.ofMetrics(one + one.replace("573", "100"))).hasValue(9168 + 1600);
  }

  @Test
  void sglang_says_tokens() {
    String line = "sglang:max_total_num_tokens{model_name=\"m\"} 1.2e+05\n";
    assertThat(CacheSize.ofMetrics(line)).hasValue(120_000);
  }

  @Test
  void what_is_not_known_is_not_guessed() {
    assertThat(CacheSize.ofMetrics("up 1\n")).isEmpty();
    assertThat(CacheSize.ofMetrics("vllm:cache_config_info{block_size=\"16\"} 1.0")).isEmpty();
    assertThat(CacheSize.ofMetrics("vllm:cache_config_info{num_gpu_blocks=\"None\"} 1")).isEmpty();
    assertThat(CacheSize.ofMetrics("sglang:max_total_num_tokens{} e.e")).isEmpty();
  }
}
