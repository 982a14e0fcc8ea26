package io.sluice.gateway.pipeline.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.gateway.pipeline.split.Splitter;
import java.util.List;
import java.util.Optional;

/**
 * What is wished of every document of a pipeline, read and found valid.
 *
 * @param model as the client wrote it
 * @param schema that answers and results keep to
 * @param question what is asked of the documents
 * @param language that answers are to be in; where there is none, the document's
 * @param labels one of which each document gets
 * @param templates prompts of the client's own
 * @param options of the model server
 */
public record Wish(
    Task task,
    String model,
    Optional<ObjectNode> schema,
    Optional<String> question,
    Optional<String> language,
    List<String> labels,
    Optional<Templates> templates,
    Splitter.Size split,
    OnFailedPart onFailedPart,
    Optional<ObjectNode> options,
    int maxOutputTokens,
    boolean thinks) {

  public Wish {
    labels = List.copyOf(labels);
  }

  /**
   * @param map of a part
   * @param reduce over the answers; without it they are put one after the other
   */
  public record Templates(Template map, Optional<Template> reduce) {}

  /** What becomes of a document one of whose parts failed. */
  public enum OnFailedPart {
    /** It is incomplete, with what there is of it. */
    KEEP,
    /** It failed. */
    FAIL
  }
}
