package io.sluice.documents.reading;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;

/** Goes over a page and writes what is seen: no recursion, however deep it is nested. */
final class HtmlWalk implements NodeFilter {
  private static final Set<String> UNSEEN =
      Set.of("head", "script", "style", "template", "noscript", "svg", "math", "iframe", "object");
  private static final Set<String> CELLS = Set.of("td", "th");

  private final TextSink sink;
  private int preformatted;
  private boolean spaceDue;

  HtmlWalk(TextSink sink) {
    this.sink = sink;
  }

  void walk(Element page) throws IOException {
    try {
      page.filter(this);
    } catch (UncheckedIOException refused) {
      throw refused.getCause();
    }
  }

  @Override
  public FilterResult head(Node node, int depth) {
    try {
      if (node instanceof TextNode text) {
        write(text.getWholeText());
      } else if (node instanceof Element element) {
        return begin(element);
      }
      return FilterResult.CONTINUE;
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  @Override
  public FilterResult tail(Node node, int depth) {
    try {
      if (node instanceof Element element) {
        end(element);
      }
      return FilterResult.CONTINUE;
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  private FilterResult begin(Element element) throws IOException {
    String name = element.normalName();
    if (UNSEEN.contains(name)) {
      return FilterResult.SKIP_CHILDREN;
    }
    if (name.equals("br")) {
      sink.write('\n');
      spaceDue = false;
    } else if (opensLine(element, name)) {
      endLine();
      if (name.equals("li")) {
        sink.write("- ");
      }
    }
    preformatted += name.equals("pre") ? 1 : 0;
    return FilterResult.CONTINUE;
  }

  private void end(Element element) throws IOException {
    String name = element.normalName();
    preformatted -= name.equals("pre") ? 1 : 0;
    if (CELLS.contains(name)) {
      sink.write('\t');
      spaceDue = false;
    } else if (opensLine(element, name) && !UNSEEN.contains(name)) {
      boolean paragraph = name.equals("p") || name.matches("h[1-6]|pre|table|ul|ol");
      boolean written = !sink.atLineStart();
      endLine();
      if (paragraph && written) {
        sink.write('\n');
      }
    }
  }

  private static boolean opensLine(Element element, String name) {
    return element.isBlock() && !CELLS.contains(name);
  }

  private void endLine() throws IOException {
    sink.endLine();
    spaceDue = false;
  }

  private void write(String text) throws IOException {
    if (preformatted > 0) {
      writeSpaceDue();
      sink.write(text);
      return;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f') {
        spaceDue = true;
      } else {
        writeSpaceDue();
        sink.write(c);
      }
    }
  }

  private void writeSpaceDue() throws IOException {
    if (spaceDue && !sink.atLineStart()) {
      sink.write(' ');
    }
    spaceDue = false;
  }
}
