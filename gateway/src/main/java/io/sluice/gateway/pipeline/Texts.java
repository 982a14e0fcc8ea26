package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.TextExtraction;
import io.sluice.TextExtraction.Extracted;
import io.sluice.TextExtraction.Extraction;
import io.sluice.TextExtraction.Reason;
import io.sluice.TextExtraction.Refused;
import io.sluice.Unavailable;
import io.sluice.codec.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The texts of documents, extracted once and kept: what is said about places in them stays true,
 * whoever drives the pipeline and whatever extracts texts tomorrow. Blocks.
 */
final class Texts {
  private static final int TRIES = 2;

  private final Uploads uploads;
  private final TextExtraction extraction;
  private final TextExtraction.Bounds bounds;

  Texts(Uploads uploads, TextExtraction extraction, TextExtraction.Bounds bounds) {
    this.uploads = uploads;
    this.extraction = extraction;
    this.bounds = bounds;
  }

  /**
   * What is known of a document.
   *
   * @param sha256 of its bytes, in hex; empty for a file that is gone
   * @param type its media type; empty if no text could be had
   * @param characters of its text, in UTF-16 units
   * @param fault why there is no text
   */
  record About(
      String sha256, String type, List<Integer> pageStarts, int characters, Optional<Fault> fault) {
    /** Nothing yet. */
    static final About NONE = new About("", "", List.of(), 0, Optional.empty());

    private static About parse(JsonNode json) {
      List<Integer> pages = new ArrayList<>();
      json.path("page_starts").forEach(start -> pages.add(start.asInt()));
      return new About(
          json.path("sha256").asText(""),
          json.path("type").asText(""),
          pages,
          json.path("characters").asInt(),
          Optional.of(json.path("code").asText(""))
              .filter(code -> !code.isEmpty())
              .map(code -> new Fault(code, json.path("message").asText(""))));
    }
  }

  /** Finds out about a document, and keeps its text, unless that was done before. */
  About about(PipelineFolder folder, Source source) {
    return About.parse(folder.about(source.index()).orElseGet(() -> find(folder, source)));
  }

  /** The text that was kept of a document. */
  static String read(PipelineFolder folder, int document) {
    return folder
        .about(document)
        .flatMap(about -> folder.text(document, about))
        .orElseThrow(() -> new Unavailable("files", "a document's text is gone"));
  }

  private JsonNode find(PipelineFolder folder, Source source) {
    ObjectNode about = Json.object();
    Optional<Extraction> found = extracted(folder.tenant(), source, about);
    String text = "";
    if (found.isEmpty()) {
      about.put("code", "file_not_found").put("message", "The file does not exist any longer.");
    } else {
      switch (found.get()) {
        case Extracted extracted -> {
          text = extracted.text();
          about.put("type", extracted.type()).put("characters", text.length());
          extracted.pageStarts().forEach(about.putArray("page_starts")::add);
        }
        case Refused(Reason reason, String message) ->
            about.put("code", reason.code()).put("message", message);
      }
    }
    return folder.keep(source.index(), about, text);
  }

  /** Empty for a file that is gone. */
  private Optional<Extraction> extracted(String tenant, Source source, ObjectNode about) {
    if (source.text().isPresent()) {
      byte[] bytes = source.text().get().getBytes(StandardCharsets.UTF_8);
      about.put("sha256", HexFormat.of().formatHex(digest().digest(bytes)));
      return Optional.of(PlainText.ofText(source.text().get(), source.filename(), bounds));
    }
    Optional<Extraction> last = file(tenant, source, about);
    for (int i = 1; i < TRIES && last.filter(Texts::isCrash).isPresent(); i++) {
      last = file(tenant, source, about);
    }
    return last;
  }

  private static boolean isCrash(Extraction extraction) {
    return extraction instanceof Refused(Reason reason, String message) && reason == Reason.CRASHED;
  }

  private Optional<Extraction> file(String tenant, Source source, ObjectNode about) {
    Optional<InputStream> file = uploads.open(tenant, source.fileId().orElseThrow());
    if (file.isEmpty()) {
      return Optional.empty();
    }
    MessageDigest digest = digest();
    try (InputStream bytes = new DigestInputStream(file.get(), digest)) {
      Extraction found = extraction.extract(bytes, source.filename(), bounds);
      bytes.transferTo(OutputStream.nullOutputStream());
      about.put("sha256", HexFormat.of().formatHex(digest.digest()));
      return Optional.of(found);
    } catch (IOException e) {
      throw new Unavailable("files", e.toString(), e);
    }
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
