package io.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Holds what a result says of its parts against the text of the document, against what the engine
 * was asked, and against the pages of the document itself.
 *
 * @param file the document
 * @param text as the server extracted it
 */
record Provenance(Path file, String text) {

  void check(JsonNode result) throws IOException {
    JsonNode parts = result.path("parts");
    assertThat(result.at("/document/characters").asInt()).isEqualTo(text.length());
    assertThat(parts).as("parts of %s", file).isNotEmpty();
    Optional<PdfPages> pdf =
        file.toString().endsWith(".pdf") ? Optional.of(PdfPages.read(file)) : Optional.empty();
    pdf.ifPresent(
        pages ->
            assertThat(result.at("/document/pages").asInt())
                .as("pages of %s", file)
                .isEqualTo(pages.count()));
    int covered = 0;
    for (int i = 0; i < parts.size(); i++) {
      JsonNode part = parts.get(i);
      assertThat(part.path("start").asInt()).isLessThan(part.path("end").asInt());
      assertThat(part.path("end").asInt()).isGreaterThan(covered);
      assertLeftOut(covered, part.path("start").asInt());
      check(part, i, parts.size());
      pdf.ifPresent(pages -> checkPages(part, pages));
      covered = part.path("end").asInt();
    }
    assertLeftOut(covered, text.length());
  }

  private void assertLeftOut(int from, int to) {
    if (from < to) {
      assertThat(text.substring(from, to)).as("left out of %s", file).isBlank();
    }
  }

  private void check(JsonNode part, int index, int count) {
    EchoedPart asked = EchoedPart.read(part.path("answer").asText());
    assertThat(asked.document()).endsWith(file.getFileName().toString());
    assertThat(asked.part()).as("part of %s", file).isEqualTo(index + 1);
    assertThat(asked.parts()).as("parts of %s", file).isEqualTo(count);
    String pages =
        part.path("page_from").isInt()
            ? part.path("page_from").asInt() + "-" + part.path("page_to").asInt()
            : "";
    assertThat(asked.pages()).as("pages of %s", file).isEqualTo(pages);
    assertThat(slice(part).strip())
        .as("what the model was asked of %s, part %d", file, index)
        .isEqualTo(asked.text());
  }

  /** The pages hold the part, and no fewer of them do. */
  private void checkPages(JsonNode part, PdfPages pdf) {
    String slice = slice(part);
    int from = part.path("page_from").asInt();
    int to = part.path("page_to").asInt();
    assertThat(pdf.hold(slice, from, to)).as("%s, pages %d-%d", file, from, to).isTrue();
    if (from < to && slice.equals(slice.strip())) {
      assertThat(pdf.hold(slice, from + 1, to)).as("%s without page %d", file, from).isFalse();
      assertThat(pdf.hold(slice, from, to - 1)).as("%s without page %d", file, to).isFalse();
    }
  }

  private String slice(JsonNode part) {
    return text.substring(part.path("start").asInt(), part.path("end").asInt());
  }
}
