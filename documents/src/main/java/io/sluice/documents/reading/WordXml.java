package io.sluice.documents.reading;

import java.io.IOException;
import java.io.InputStream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads the XML of a Word document as a stream. A document type is refused where it begins: the
 * format forbids one, and it is what bombs and foreign files come by.
 */
final class WordXml {
  private static final XMLInputFactory FACTORY = factory();
  private static final int DEPTH_MAX = 1_000;
  private static final int TITLE_MAX = 1_000;

  private final TextSink sink;
  private int depth;

  /** Depth of the element whose content is another form of what was read already; 0 outside. */
  private int skippedFrom;

  private boolean inText;

  WordXml(TextSink sink) {
    this.sink = sink;
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, false);
    // Java's own bound differs by version; ours does not.
    factory.setProperty("jdk.xml.maxElementDepth", "0");
    factory.setXMLResolver(
        (publicId, systemId, base, namespace) -> {
          throw new XMLStreamException("nothing outside of a document is read");
        });
    return factory;
  }

  void read(InputStream part) throws IOException {
    each(
        part,
        xml -> {
          switch (xml.getEventType()) {
            case XMLStreamConstants.START_ELEMENT -> begin(xml);
            case XMLStreamConstants.END_ELEMENT -> end(xml.getLocalName());
            case XMLStreamConstants.CHARACTERS,
                XMLStreamConstants.CDATA,
                XMLStreamConstants.SPACE -> {
              if (inText && skippedFrom == 0) {
                sink.write(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
              }
            }
            default -> {}
          }
        });
    sink.endLine();
  }

  /** The title that a document's properties say, or nothing. */
  static String title(InputStream properties) throws IOException {
    StringBuilder title = new StringBuilder();
    boolean[] inTitle = new boolean[1];
    each(
        properties,
        xml -> {
          if (xml.isStartElement() || xml.isEndElement()) {
            inTitle[0] = xml.isStartElement() && xml.getLocalName().equals("title");
          } else if (xml.isCharacters() && inTitle[0] && title.length() < TITLE_MAX) {
            title.append(xml.getText());
          }
        });
    return title.toString();
  }

  private interface Step {
    void take(XMLStreamReader xml) throws IOException;
  }

  private static void each(InputStream part, Step step) throws IOException {
    try {
      XMLStreamReader xml = FACTORY.createXMLStreamReader(part);
      while (xml.hasNext()) {
        if (xml.next() == XMLStreamConstants.DTD) {
          throw RefusedDocument.damaged("The document declares a document type, which none may.");
        }
        step.take(xml);
      }
    } catch (XMLStreamException broken) {
      if (broken.getNestedException() instanceof RefusedDocument refused) {
        throw refused;
      }
      throw RefusedDocument.damaged("The document's XML is broken.");
    }
  }

  private void begin(XMLStreamReader xml) throws IOException {
    depth++;
    if (depth > DEPTH_MAX) {
      throw RefusedDocument.tooCostly("The document is nested too deeply.");
    }
    if (skippedFrom > 0) {
      return;
    }
    switch (xml.getLocalName()) {
      case "t" -> inText = true;
      case "tab" -> tab(xml);
      case "br", "cr" -> sink.write('\n');
      case "noBreakHyphen" -> sink.write('\u2011');
      // Text boxes are there twice, for old readers and for new ones.
      case "Fallback" -> skippedFrom = depth;
      default -> {}
    }
  }

  /** A tab in the text; the ones in a paragraph's properties only say where tabs are. */
  private void tab(XMLStreamReader xml) throws IOException {
    if (xml.getAttributeCount() == 0) {
      sink.write('\t');
    }
  }

  private void end(String name) throws IOException {
    if (depth == skippedFrom) {
      skippedFrom = 0;
    } else if (skippedFrom == 0) {
      switch (name) {
        case "t" -> inText = false;
        case "p" -> sink.write('\n');
        default -> {}
      }
    }
    depth--;
  }
}
