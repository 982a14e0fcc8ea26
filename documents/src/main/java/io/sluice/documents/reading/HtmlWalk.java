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
  private static final Set<String> LISTS = Set.of("ul", "ol");
  private static final Set<String> PARAGRAPHS =
      Set.of("p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "blockquote", "dl");

  private final TextSink sink;
  private int preformatted;
  private boolean spaceDue;
  private boolean paragraphDue;
  private boolean written;

  /** Whether the row that is being written has a cell already. */
  private boolean cellWritten;

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
    switch (name) {
      case "br" -> {
        sink.write('\n');
        spaceDue = false;
      }
      case "tr" -> {
        endLine();
        cellWritten = false;
      }
      case "td", "th" -> beginCell();
      default -> beginBlock(element, name);
    }
    preformatted += name.equals("pre") ? 1 : 0;
    return FilterResult.CONTINUE;
  }

  private void beginCell() throws IOException {
    if (cellWritten) {
      sink.write('\t');
    }
    cellWritten = true;
    spaceDue = false;
  }

  private void beginBlock(Element element, String name) throws IOException {
    if (!opensLine(element, name)) {
      return;
    }
    endLine();
    paragraphDue |= isParagraph(element, name);
    if (name.equals("li")) {
      writeDue();
      sink.write("- ");
    }
  }

  private void end(Element element) throws IOException {
    String name = element.normalName();
    preformatted -= name.equals("pre") ? 1 : 0;
    if (opensLine(element, name) && !UNSEEN.contains(name)) {
      endLine();
      paragraphDue |= isParagraph(element, name);
    }
  }

  private static boolean isParagraph(Element element, String name) {
    return PARAGRAPHS.contains(name)
        || LISTS.contains(name) && element.parent() != null && !element.parent().nameIs("li");
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
      writeDue();
      sink.write(text);
      return;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f') {
        spaceDue = true;
      } else {
        writeDue();
        sink.write(c);
      }
    }
  }

  /** What is between what was written and what comes: a blank line, a space, or nothing. */
  private void writeDue() throws IOException {
    if (paragraphDue && written) {
      sink.endLine();
      sink.write('\n');
    } else if (spaceDue && !sink.atLineStart()) {
      sink.write(' ');
    }
    paragraphDue = false;
    spaceDue = false;
    written = true;
  }
}
