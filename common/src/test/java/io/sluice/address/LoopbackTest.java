package io.sluice.address;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopbackTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LocalHost", "127.0.0.1", "127.9.9.9", "::1", "[::1]", "[0:0::1]"})
  void this_machine_is_known_by_its_own_names(String host) {
    assertThat(Loopback.isNamedBy(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1.test",
        "localhost.test",
        "0.0.0.0",
        "10.0.0.1",
        "127.1",
        "0177.0.0.1",
        "[::2]",
        "::",
        "[]",
        "",
        "128.0.0.1",
        "[::1%lo]"
      })
  void what_may_be_another_machine_is_not_this_one(String host) {
    assertThat(Loopback.isNamedBy(host)).isFalse();
  }
}
