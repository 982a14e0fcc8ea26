package io.sluice.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.cli.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentSearchTest {
  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    for (String name :
        List.of("b.txt", "a.pdf", "sub/c.pdf", "sub/deep/d.md", ".hidden", ".git/e.txt")) {
      Path file = folder.resolve("in").resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "x");
    }
    Files.createFile(folder.resolve("in/empty.txt"));
    Files.writeString(folder.resolve("outside.txt"), "x");
    Files.createSymbolicLink(folder.resolve("in/link.txt"), folder.resolve("outside.txt"));
    Files.createSymbolicLink(folder.resolve("in/round"), folder.resolve("in"));
  }

  @Test
  void a_folder_is_walked_in_the_order_of_paths_without_what_is_hidden_empty_or_a_link() {
    DocumentSearch search = new DocumentSearch(List.of(), List.of());
    assertThat(names(search, "in")).containsExactly("a.pdf", "b.txt", "sub/c.pdf", "sub/deep/d.md");
    assertThat(search.skipped().lines())
        .satisfiesExactly(
            empty -> assertThat(empty).startsWith("skipped, empty: ").endsWith("in/empty.txt"),
            hidden -> assertThat(hidden).contains("skipped, hidden: ", "in/.git", "in/.hidden"),
            links -> assertThat(links).contains("skipped, links: ", "link.txt", "in/round"));
  }

  @Test
  void patterns_take_files_in_and_leave_them_out() {
    assertThat(names(new DocumentSearch(List.of("*.pdf"), List.of()), "in"))
        .containsExactly("a.pdf", "sub/c.pdf");
    assertThat(names(new DocumentSearch(List.of(), List.of("sub/**", "*.txt")), "in"))
        .containsExactly("a.pdf");
  }

  @Test
  void a_pattern_that_no_shell_spelled_out_is_spelled_out() {
    assertThat(names(new DocumentSearch(List.of(), List.of()), "in/*.pdf"))
        .containsExactly("a.pdf");
    assertThat(names(new DocumentSearch(List.of(), List.of()), "in/**.pdf"))
        .containsExactly("a.pdf", "sub/c.pdf");
    assertThatThrownBy(() -> names(new DocumentSearch(List.of(), List.of()), "in/*.doc"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("matches no file");
  }

  @Test
  void a_file_that_is_named_is_taken_whatever_it_is_called_and_once() {
    DocumentSearch search = new DocumentSearch(List.of("*.pdf"), List.of());
    assertThat(names(search, "in/.hidden", "in/link.txt", "in/a.pdf", "in"))
        .containsExactly(".hidden", "link.txt", "a.pdf", "sub/c.pdf");
  }

  @Test
  void what_is_not_there_is_a_refusal() {
    assertThatThrownBy(() -> names(new DocumentSearch(List.of(), List.of()), "none"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("no such file or folder");
  }

  private List<String> names(DocumentSearch search, String... named) {
    List<String> paths =
        List.of(named).stream().map(name -> folder.resolve(name).toString()).toList();
    String root = folder.resolve("in") + "/";
    return search.find(paths).stream()
        .peek(one -> assertThat(one.name()).startsWith(root))
        .map(one -> one.name().substring(root.length()))
        .toList();
  }
}
