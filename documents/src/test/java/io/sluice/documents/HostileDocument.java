package io.sluice.documents;

import io.sluice.TextExtraction.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A document that was made to do harm, or that nothing can be had of.
 *
 * @param reason why it has no text
 */
public record HostileDocument(String filename, byte[] bytes, Reason reason) {

  /** One of each sort, for tests of what stands around the extraction. */
  public static List<HostileDocument> ofEachSort() throws Exception {
    return List.of(
        new HostileDocument("bomb.docx", HostileWords.flatBomb(false), Reason.TOO_COSTLY),
        new HostileDocument("bomb.txt.gz", Bombs.gzipped(512 << 20), Reason.TOO_COSTLY),
        new HostileDocument("nested.zip", HostileWords.nestedBomb(), Reason.UNSUPPORTED),
        new HostileDocument("laughs.docx", HostileWords.billionLaughs(), Reason.DAMAGED),
        new HostileDocument("tree.pdf", HostilePdfs.deepTree(), Reason.TOO_COSTLY),
        new HostileDocument("many.pdf", HostilePdfs.manyPages(10_001), Reason.TOO_MANY_PAGES),
        new HostileDocument("endless.pdf", HostilePdfs.endlessPages(), Reason.EMPTY),
        new HostileDocument("stream.pdf", HostilePdfs.streamOfGigabytes(), Reason.TOO_COSTLY),
        new HostileDocument("text.pdf", text("This is a text."), Reason.WRONG_TYPE),
        new HostileDocument("pdf.docx", HostilePdfs.good(), Reason.WRONG_TYPE),
        new HostileDocument("locked.pdf", HostilePdfs.encrypted(), Reason.ENCRYPTED),
        new HostileDocument("locked.docx", HostileWords.encrypted(), Reason.ENCRYPTED));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
