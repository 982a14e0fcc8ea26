package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Writer;
import java.util.Map;

/**
 * A page in Markdown. What a model said may be Markdown itself and stays so, but for HTML, which a
 * viewer might obey, and for headings, which would be ours.
 */
final class MarkdownForm implements Report.Form {
  private final Writer out;

  MarkdownForm(Writer out) {
    this.out = out;
  }

  @Override
  public void begin(JsonNode pipeline) throws IOException {
    out.write("# " + inline(HtmlForm.title(pipeline)) + "\n\n");
    for (Map.Entry<String, String> fact : ReportFacts.of(pipeline).entrySet()) {
      out.write("- " + fact.getKey() + ": " + inline(fact.getValue()) + "\n");
    }
    out.write("\n| document | status | result |\n|---|---|---|\n");
  }

  @Override
  public void row(ReportRow row) throws IOException {
    out.write("| %s | %s | %s |\n".formatted(inline(row.name()), row.status(), inline(row.gist())));
  }

  @Override
  public void endRows() throws IOException {
    out.write("\n");
  }

  @Override
  public void result(ReportResult result) throws IOException {
    String status = result.status().equals("completed") ? "" : " (" + result.status() + ")";
    out.write("## " + inline(result.name()) + inline(status) + "\n\n");
    paragraph(result.extent());
    paragraph(result.error());
    value(result.value());
    for (ReportSource part : result.parts()) {
      out.write("*" + part.where() + (part.failed() ? " · failed" : "") + "*\n\n");
      paragraph(part.error());
      value(part.answer());
    }
  }

  private void paragraph(String text) throws IOException {
    if (!text.isEmpty()) {
      out.write(inline(text) + "\n\n");
    }
  }

  private void value(JsonNode value) throws IOException {
    if (value.isTextual()) {
      out.write(said(value.asText()) + "\n\n");
    } else if (!value.isMissingNode() && !value.isNull()) {
      out.write("```json\n" + value.toPrettyString() + "\n```\n\n");
    }
  }

  private static String said(String text) {
    StringBuilder quoted = new StringBuilder();
    harmless(text.strip()).lines().forEach(line -> quoted.append("> ").append(line).append('\n'));
    return quoted.toString().stripTrailing();
  }

  /** Text within a line: nothing in it is Markdown. */
  static String inline(String text) {
    return harmless(text).replaceAll("\\s+", " ").replaceAll("([\\\\`*_\\[\\]|#])", "\\\\$1");
  }

  private static String harmless(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .filter(c -> c == '\n' || c == '\t' || !Character.isISOControl(c))
        .forEach(safe::appendCodePoint);
    return safe.toString().replace("&", "&amp;").replace("<", "&lt;");
  }

  @Override
  public void end() throws IOException {
    out.write("Characters are counted from 0, in UTF-16 units of the extracted text.\n");
  }
}
