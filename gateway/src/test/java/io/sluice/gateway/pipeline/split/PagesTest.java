package io.sluice.gateway.pipeline.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PagesTest {
  @Test
  void a_part_is_on_the_pages_that_its_ends_are_on() {
    Pages pages = new Pages(List.of(0, 100, 200));
    assertThat(pages.first(new Part(0, 0, 100, 1))).hasValue(1);
    assertThat(pages.last(new Part(0, 0, 100, 1))).hasValue(1);
    assertThat(pages.last(new Part(0, 0, 101, 1))).hasValue(2);
    assertThat(pages.first(new Part(0, 100, 300, 1))).hasValue(2);
    assertThat(pages.last(new Part(0, 100, 300, 1))).hasValue(3);
  }

  @Test
  void a_page_without_text_has_no_part() {
    Pages pages = new Pages(List.of(0, 0, 50, 50, 90));
    assertThat(pages.first(new Part(0, 0, 10, 1))).hasValue(2);
    assertThat(pages.first(new Part(0, 50, 60, 1))).hasValue(4);
    assertThat(pages.last(new Part(0, 50, 50 + 1, 1))).hasValue(4);
    assertThat(pages.last(new Part(0, 40, 50, 1))).hasValue(2);
  }

  @Test
  void a_document_without_pages_has_none() {
    assertThat(new Pages(List.of()).first(new Part(0, 0, 10, 1))).isEqualTo(OptionalInt.empty());
  }
}
