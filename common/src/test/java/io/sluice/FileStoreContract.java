package io.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.FileStore.Draft;
import io.sluice.FileStore.Entry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link FileStore} keeps; two of them are on one place, as two gateways are. */
public abstract class FileStoreContract {
  private FileStore it;
  private FileStore other;

  /** Another store on the place of this test. */
  protected abstract FileStore open();

  @BeforeEach
  final void openBoth() {
    it = open();
    other = open();
  }

  @Test
  void a_file_is_seen_when_it_is_committed_and_not_before() {
    try (Draft draft = it.create("a/b/file")) {
      write(draft, "hello, ");
      write(draft, "world");
      assertThat(read(other, "a/b/file", 0)).isEmpty();
      assertThat(other.list("a", "", 9)).isEmpty();
      assertThat(draft.commit()).isTrue();
    }
    assertThat(read(other, "a/b/file", 0)).contains("hello, world");
    assertThat(other.list("a/b", "", 9)).containsExactly(new Entry("file", false, 12));
    assertThat(other.list("a", "", 9)).containsExactly(new Entry("b", true, 0));
  }

  @Test
  void an_empty_file_is_a_file() {
    commit(it, "empty", "");
    assertThat(read(other, "empty", 0)).contains("");
  }

  @Test
  void a_draft_that_is_closed_leaves_nothing() {
    try (Draft draft = it.create("gone/file")) {
      write(draft, "hello");
    }
    assertThat(read(it, "gone/file", 0)).isEmpty();
    assertThat(it.list("gone", "", 9)).isEmpty();
    assertThat(commit(it, "gone/file", "again")).isTrue();
  }

  @Test
  void a_file_is_never_replaced() {
    try (Draft first = it.create("a/file");
        Draft second = other.create("a/file")) {
      write(first, "first");
      write(second, "second");
      assertThat(first.commit()).isTrue();
      assertThat(second.commit()).isFalse();
    }
    assertThat(commit(it, "a/file", "third")).isFalse();
    assertThat(read(it, "a/file", 0)).contains("first");
    assertThat(it.list("a", "", 9)).hasSize(1);
  }

  @Test
  void of_many_who_make_one_file_at_once_exactly_one_does() throws Exception {
    List<Boolean> made =
        atOnce(8, n -> commit(n % 2 == 0 ? it : other, "race/" + "file", String.valueOf(n)));
    assertThat(made.stream().filter(one -> one)).hasSize(1);
    assertThat(read(it, "race/file", 0)).contains(String.valueOf(made.indexOf(true)));
  }

  @Test
  void files_come_and_go_in_one_folder_from_all_sides() throws Exception {
    List<Boolean> gone =
        atOnce(
            8,
            n -> {
              boolean all = true;
              for (int i = 0; i < 20; i++) {
                String name = "busy/deep/" + n;
                all &= commit(n % 2 == 0 ? it : other, name, "x");
                all &= (n % 2 == 0 ? other : it).delete(name);
              }
              return all;
            });
    assertThat(gone).containsOnly(true);
    assertThat(it.list("busy", "", 9)).isEmpty();
  }

  @Test
  void a_file_is_read_from_where_one_wants() {
    commit(it, "numbers", "one\ntwo\nthree\n");
    assertThat(read(it, "numbers", 4)).contains("two\nthree\n");
    assertThat(read(it, "numbers", 14)).contains("");
    assertThat(read(it, "numbers", 1_000)).contains("");
    try (FileStore.Content content = it.read("numbers", 8).orElseThrow()) {
      assertThat(content.bytes()).isEqualTo(14);
    }
  }

  @Test
  void a_thread_that_is_interrupted_commits_all_the_same() {
    Thread.currentThread().interrupt();
    boolean made = commit(it, "a/file", "hello");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(made).isTrue();
    assertThat(read(it, "a/file", 0)).contains("hello");
  }

  @Test
  void a_large_file_is_read_as_it_was_written() throws IOException {
    byte[] block = new byte[100_003];
    for (int n = 0; n < block.length; n++) {
      block[n] = (byte) (n * 31 >> 3);
    }
    try (Draft draft = it.create("large")) {
      for (int n = 0; n < 50; n++) {
        draft.write(block, n, block.length - n);
      }
      assertThat(draft.commit()).isTrue();
    }
    long size = 50L * block.length - 49 * 50 / 2;
    try (FileStore.Content content = other.read("large", 0).orElseThrow()) {
      assertThat(content.bytes()).isEqualTo(size);
      for (int n = 0; n < 50; n++) {
        assertThat(content.stream().readNBytes(block.length - n))
            .isEqualTo(java.util.Arrays.copyOfRange(block, n, block.length));
      }
      assertThat(content.stream().read()).isNegative();
    }
  }

  @Test
  void a_folder_is_listed_in_order_page_by_page() {
    for (String name : List.of("b", "a-1", "C", "a_1", "10", "9", "x.y")) {
      commit(it, "folder/" + name, name);
    }
    commit(it, "folder/sub/file", "");
    List<String> order = List.of("10", "9", "C", "a-1", "a_1", "b", "sub", "x.y");
    assertThat(names(other.list("folder", "", 100))).isEqualTo(order);
    assertThat(names(other.list("folder", "", 3))).isEqualTo(order.subList(0, 3));
    assertThat(names(other.list("folder", "C", 3))).isEqualTo(order.subList(3, 6));
    assertThat(names(other.list("folder", "a.", 1))).containsExactly("a_1");
    assertThat(other.list("folder", "x.y", 3)).isEmpty();
    assertThat(other.list("nowhere", "", 3)).isEmpty();
    assertThat(other.list("folder/b", "", 3)).isEmpty();
  }

  @Test
  void a_file_is_deleted_once() {
    commit(it, "a/b/file", "hello");
    commit(it, "a/other", "hello");
    assertThat(other.delete("a/b/file")).isTrue();
    assertThat(it.delete("a/b/file")).isFalse();
    assertThat(it.delete("a/b/nothing")).isFalse();
    assertThat(read(it, "a/b/file", 0)).isEmpty();
    assertThat(it.list("a", "", 9)).containsExactly(new Entry("other", false, 5));
    assertThat(commit(it, "a/b/file", "new")).isTrue();
    assertThat(read(other, "a/b/file", 0)).contains("new");
  }

  @Test
  void who_reads_a_file_that_is_deleted_reads_it_to_its_end() throws IOException {
    commit(it, "a/file", "hello");
    try (FileStore.Content content = it.read("a/file", 0).orElseThrow()) {
      assertThat(content.stream().read()).isEqualTo('h');
      other.delete("a/file");
      assertThat(content.stream().readAllBytes()).isEqualTo("ello".getBytes(UTF_8));
    }
  }

  @Test
  void a_folder_is_deleted_with_all_that_is_in_it() {
    commit(it, "a/b/c/one", "hello");
    commit(it, "a/b/two", "hello");
    assertThat(other.delete("a/b")).isTrue();
    assertThat(it.delete("a/b")).isFalse();
    assertThat(read(it, "a/b/c/one", 0)).isEmpty();
    assertThat(it.list("a", "", 9)).isEmpty();
  }

  @Test
  void a_folder_is_no_file() {
    commit(it, "a/b/file", "hello");
    assertThat(read(it, "a/b", 0)).isEmpty();
    assertThat(commit(it, "a/b", "hello")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/etc/passwd",
        "a//b",
        "a/",
        "..",
        "a/../b",
        ".",
        ".hidden",
        "a/.b",
        "a\\b",
        "a b",
        "a\0b",
        "a\nb",
        "ä",
        "a:b",
        "1/2/3/4/5/6/7/8/9"
      })
  void nothing_else_is_a_name(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> it.create(name).close());
    assertThatIllegalArgumentException().isThrownBy(() -> it.read(name, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> it.list(name, "", 1));
    assertThatIllegalArgumentException().isThrownBy(() -> it.delete(name));
  }

  @Test
  void names_have_eight_parts_of_two_hundred_characters_and_no_more() {
    String part = "x".repeat(200);
    String name = String.join("/", java.util.Collections.nCopies(8, part));
    assertThat(commit(it, name, "hello")).isTrue();
    assertThat(read(other, name, 0)).contains("hello");
    assertThatIllegalArgumentException().isThrownBy(() -> it.read(part + "x", 0));
  }

  @Test
  void bounds_that_mean_nothing_are_refused() {
    commit(it, "a/file", "hello");
    assertThatIllegalArgumentException().isThrownBy(() -> it.read("a/file", -1));
    assertThatIllegalArgumentException().isThrownBy(() -> it.list("a", "", 0));
  }

  protected static boolean commit(FileStore store, String name, String text) {
    try (Draft draft = store.create(name)) {
      write(draft, text);
      return draft.commit();
    }
  }

  private static void write(Draft draft, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    draft.write(bytes, 0, bytes.length);
  }

  protected static Optional<String> read(FileStore store, String name, long offset) {
    return store
        .read(name, offset)
        .map(
            content -> {
              try (content) {
                return new String(content.stream().readAllBytes(), UTF_8);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
  }

  private static List<String> names(List<Entry> entries) {
    return entries.stream().map(Entry::name).toList();
  }

  private static <T> List<T> atOnce(int count, java.util.function.IntFunction<T> each)
      throws InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<T>> calls =
          IntStream.range(0, count).<Callable<T>>mapToObj(n -> () -> each.apply(n)).toList();
      List<T> results = new java.util.ArrayList<>();
      for (Future<T> one : threads.invokeAll(calls)) {
        results.add(one.get());
      }
      return results;
    }
  }
}
