package io.sluice.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.client.ResultLine;
import io.sluice.codec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final String EVIL = "<script>alert(1)</script>";
  private static final String LINE =
      """
      {"seq":1,"document":{"index":0,"filename":"<b>a|b</b>.pdf","pages":4,"characters":8123},
       "status":"incomplete","result":"<script>alert(1)</script>\\n# Not a heading",
       "error":null,"parts":[
        {"index":0,"status":"completed","page_from":1,"page_to":2,"start":0,"end":8123,
         "answer":"<script>alert(1)</script>"},
        {"index":1,"status":"failed","page_from":3,"page_to":3,"start":8000,"end":9000,
         "answer":null,"error":{"code":"x","message":"It was <i>lost</i>."}}]}
      """;

  @TempDir Path folder;

  @Test
  void a_page_for_a_browser_escapes_all_that_comes_from_outside() throws IOException {
    String page = page("r.html");
    assertThat(page)
        .doesNotContain(EVIL, "<b>a", "<i>lost", "http://", "https://", "<script")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "&lt;b&gt;a|b&lt;/b&gt;.pdf");
  }

  @Test
  void each_part_says_its_pages_and_characters() throws IOException {
    assertThat(page("r.html"))
        .contains("Part 1 · pages 1 to 2 · characters 0 to 8,123")
        .contains("Part 2 · page 3 · characters 8,000 to 9,000")
        .contains("4 pages, 8,123 characters");
  }

  @Test
  void a_page_in_markdown_has_no_html_and_only_its_own_headings() throws IOException {
    String page = page("r.md");
    assertThat(page)
        .doesNotContain("<script", "<b>", "<i>")
        .contains("## &lt;b>a\\|b&lt;/b>.pdf (incomplete)", "> # Not a heading");
    assertThat(page.lines().filter(line -> line.startsWith("#"))).hasSize(2);
  }

  @Test
  void an_object_is_a_table_of_its_fields() throws IOException {
    String line = "{\"seq\":1,\"result\":{\"total\":12.5,\"who\":\"<A>\",\"list\":[1]}}";
    assertThat(page("r.html", line))
        .contains("<tr><th>total</th><td>12.5</td></tr>", "<th>who</th><td>&lt;A&gt;</td>")
        .contains("All documents together", "total: 12.5; who: &lt;A&gt;; list: [1]");
  }

  @Test
  void an_answer_over_all_documents_names_those_that_it_comes_from() throws IOException {
    String one =
        "{\"seq\":1,\"document\":{\"index\":0,\"filename\":\"a.txt\"},\"result\":\"Yes.\"}";
    String all =
        "{\"seq\":2,\"document\":null,\"result\":\"So.\",\"sources\":[{\"document\":0,\"part\":2}]}";
    assertThat(page("r.html", one, all)).contains("All documents together", "a.txt · part 3");
  }

  private String page(String name) throws IOException {
    return page(name, LINE);
  }

  private String page(String name, String... lines) throws IOException {
    Path file = folder.resolve(name);
    Report.write(
        file,
        FakeServer.pipeline(1, 0),
        reader -> {
          for (String line : lines) {
            JsonNode json = Json.parse(line);
            reader.result(new ResultLine(json.path("seq").asLong(), line, json));
          }
        });
    return Files.readString(file);
  }
}
