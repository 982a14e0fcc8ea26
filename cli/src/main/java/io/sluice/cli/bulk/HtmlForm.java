package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A page for a browser, in one file that fetches nothing. All that comes from outside is escaped.
 */
final class HtmlForm implements Report.Form {
  private final Writer out;

  HtmlForm(Writer out) {
    this.out = out;
  }

  @Override
  public void begin(JsonNode pipeline) throws IOException {
    String title = title(pipeline);
    out.write("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.write("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.write(
        "<meta http-equiv=\"Content-Security-Policy\""
            + " content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
    out.write("<title>" + escaped(title) + "</title>\n<style>\n" + style() + "</style>\n");
    out.write("</head>\n<body>\n<header>\n<h1>" + escaped(title) + "</h1>\n<dl>\n");
    for (Map.Entry<String, String> fact : ReportFacts.of(pipeline).entrySet()) {
      out.write(
          "<div><dt>%s</dt><dd>%s</dd></div>\n"
              .formatted(escaped(fact.getKey()), escaped(fact.getValue())));
    }
    out.write("</dl>\n</header>\n<main>\n<h2>Overview</h2>\n<table>\n<thead><tr><th>Document</th>");
    out.write("<th>Result</th></tr></thead>\n<tbody>\n");
  }

  static String title(JsonNode pipeline) {
    String task = pipeline.path("task").asText("");
    return task.isEmpty()
        ? "Documents"
        : "Documents: " + (task.equals("custom") ? "own template" : task);
  }

  @Override
  public void row(ReportRow row) throws IOException {
    out.write(
        "<tr><td><a href=\"#d%d\">%s</a>%s</td><td>%s</td></tr>\n"
            .formatted(
                row.number(), escaped(row.name()), badge(row.status()), escaped(row.gist())));
  }

  @Override
  public void endRows() throws IOException {
    out.write("</tbody>\n</table>\n");
  }

  @Override
  public void result(ReportResult result) throws IOException {
    out.write(
        "<article id=\"d%d\">\n<h2>%s%s</h2>\n"
            .formatted(result.number(), escaped(result.name()), badge(result.status())));
    if (!result.extent().isEmpty()) {
      out.write("<p class=\"extent\">" + escaped(result.extent()) + "</p>\n");
    }
    if (!result.error().isEmpty()) {
      out.write("<p class=\"error\">" + escaped(result.error()) + "</p>\n");
    }
    value(result.value());
    sources(result);
    out.write("</article>\n");
  }

  private void sources(ReportResult result) throws IOException {
    if (result.parts().isEmpty()) {
      return;
    }
    out.write("<details>\n<summary>Where it comes from: ");
    out.write(Amounts.of(result.parts().size(), "part") + "</summary>\n<ol>\n");
    for (ReportSource part : result.parts()) {
      out.write("<li><p class=\"where\">" + escaped(part.where()));
      out.write(badge(part.failed() ? "failed" : "completed") + "</p>\n");
      if (!part.error().isEmpty()) {
        out.write("<p class=\"error\">" + escaped(part.error()) + "</p>\n");
      }
      value(part.answer());
      out.write("</li>\n");
    }
    out.write("</ol>\n</details>\n");
  }

  /** A text as it was said; an object as a table, in which others are JSON. */
  private void value(JsonNode value) throws IOException {
    if (value.isMissingNode() || value.isNull()) {
      return;
    }
    if (value.isTextual()) {
      out.write("<div class=\"said\">" + escaped(value.asText().strip()) + "</div>\n");
    } else if (value.isObject()) {
      out.write("<table class=\"fields\">\n");
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        out.write(
            "<tr><th>%s</th><td>%s</td></tr>\n"
                .formatted(escaped(field.getKey()), escaped(plain(field.getValue()))));
      }
      out.write("</table>\n");
    } else {
      out.write("<pre>" + escaped(value.toPrettyString()) + "</pre>\n");
    }
  }

  private static String plain(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toPrettyString();
  }

  private static String badge(String status) {
    return status.equals("completed")
        ? ""
        : " <span class=\"badge %s\">%s</span>"
            .formatted(status.equals("failed") ? "failed" : "incomplete", escaped(status));
  }

  @Override
  public void end() throws IOException {
    out.write("</main>\n<footer>Made by Sluice. Characters are counted from 0, in UTF-16 units of");
    out.write(" the extracted text.</footer>\n</body>\n</html>\n");
  }

  static String escaped(String text) {
    StringBuilder safe = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> safe.append("&amp;");
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '"' -> safe.append("&quot;");
        case '\'' -> safe.append("&#39;");
        default -> {
          if (c == '\n' || c == '\t' || !Character.isISOControl(c)) {
            safe.append(c);
          }
        }
      }
    }
    return safe.toString();
  }

  private static String style() {
    try (InputStream in = HtmlForm.class.getResourceAsStream("report.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
