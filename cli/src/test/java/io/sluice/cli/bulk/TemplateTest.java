package io.sluice.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class TemplateTest {
  @Test
  void a_file_without_marks_is_all_map() {
    assertThat(Template.of("Sum up:\n\n{{text}}\n"))
        .isEqualTo(new Template("Sum up:\n\n{{text}}", Optional.empty()));
  }

  @Test
  void marks_part_map_from_reduce_in_either_order() {
    Template both = new Template("M {{text}}\n---\nend", Optional.of("R {{answers}}"));
    assertThat(Template.of("--- map\nM {{text}}\n---\nend\n\n--- reduce\nR {{answers}}\n"))
        .isEqualTo(both);
    assertThat(Template.of("--- reduce\nR {{answers}}\n--- map\nM {{text}}\n---\nend\n"))
        .isEqualTo(both);
  }

  @Test
  void each_part_must_say_where_what_it_is_asked_of_goes() {
    assertThatThrownBy(() -> Template.of("--- map\nno hole\n")).hasMessageContaining("{{text}}");
    assertThatThrownBy(() -> Template.of("{{text}}\n--- reduce\nno hole\n"))
        .hasMessageContaining("{{answers}}");
  }
}
