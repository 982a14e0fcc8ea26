package io.sluice.gateway.pipeline.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {
  @Test
  void holes_are_filled_once() {
    Template template = new Template("A {{text}} $1 {{ name }} {{text}} {x} {{Not}}");
    assertThat(template.holes()).containsExactly("name", "text");
    assertThat(template.fill(Map.of("text", "{{name}}\\$2", "name", "n")))
        .isEqualTo("A {{name}}\\$2 $1 n {{name}}\\$2 {x} {{Not}}");
  }
}
