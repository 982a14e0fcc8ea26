package io.sluice.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testservers.NpmPackages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code in the pages of {@code docs/clients} does what it says when it is typed. */
class PagesIT {
  private static final Path PAGES = Path.of("..", "docs", "clients").toAbsolutePath();
  private static final Pattern CODE =
      Pattern.compile("^```(?:python|js|java)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final String ANSWER = "You wrote about “Why is the sky blue”.";
  private static final int LIMIT_SECONDS = 120;

  private static ServedSluice sluice;

  @TempDir Path folder;

  @BeforeAll
  static void start(@TempDir Path data) {
    sluice = ServedSluice.start(data);
  }

  @AfterAll
  static void stop() {
    if (sluice != null) {
      sluice.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ollama-python", "openai-python"})
  void pages_of_python_run(String page) throws IOException {
    Path script = Files.writeString(folder.resolve("page.py"), code(page));
    String python = Drivers.python("clients.txt").python().toString();
    assertAnswered(run(folder, python, script.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ollama-js", "openai-node"})
  void pages_of_node_run(String page) throws IOException {
    NpmPackages packages = Drivers.npm();
    Path script = Files.writeString(packages.folder().resolve(page + "-page.mjs"), code(page));
    assertAnswered(run(packages.folder(), packages.node().toString(), script.toString()));
  }

  @Test
  void the_page_of_langchain4j_runs() throws IOException {
    Path source = Files.writeString(folder.resolve("Sky.java"), code("langchain4j"));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path");
    assertAnswered(run(folder, java, "-cp", classes, source.toString()));
  }

  private static void assertAnswered(String told) {
    // Once whole, once streamed; the embeddings of two inputs.
    assertThat(told.split(Pattern.quote(ANSWER), -1)).as(told).hasSizeGreaterThanOrEqualTo(3);
    assertThat(told.lines()).as(told).contains("2");
  }

  private static String run(Path folder, String... command) {
    Map<String, String> key = Map.of("SLUICE_API_KEY", sluice.key());
    return Finished.run(List.of(command), key, folder, LIMIT_SECONDS).succeeded();
  }

  /** All the code of a page, one block after the other, with the address of the tested Sluice. */
  private static String code(String page) throws IOException {
    String code =
        CODE.matcher(Files.readString(PAGES.resolve(page + ".md")))
            .results()
            .map(block -> block.group(1))
            .collect(Collectors.joining("\n"));
    assertThat(code).contains("http://127.0.0.1:8080");
    return code.replace("http://127.0.0.1:8080", sluice.url());
  }
}
