package io.sluice.gateway.pipeline;

import io.sluice.JobId;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The identity of a pipeline: {@code pipe_} and what stands behind {@code job_} in a job's, so that
 * ids sort by the time of their creation.
 */
record PipelineId(String value) {
  private static final String PREFIX = "pipe_";
  private static final Pattern FORM = Pattern.compile("pipe_[0-9a-f]{12}7[0-9a-f]{19}");
  private static final int MARK_CHARS = 12;

  static PipelineId at(Instant now) {
    return new PipelineId(PREFIX + JobId.at(now).value().substring("job_".length()));
  }

  /** Empty for what is none. */
  static Optional<PipelineId> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new PipelineId(text)) : Optional.empty();
  }

  /** The one that has a folder of this name. */
  static PipelineId ofFolder(String name) {
    return new PipelineId(PREFIX + turned(name));
  }

  /** When it was made, by the clock of the gateway that made it. */
  Instant createdAt() {
    return new JobId("job_" + value.substring(PREFIX.length())).createdAt();
  }

  /** The name of its folder: a list of folders begins with the newest. */
  String folder() {
    return turned(value.substring(PREFIX.length()));
  }

  /** Of it what was drawn and not counted, for the lines around its documents. */
  String mark() {
    return value.substring(value.length() - MARK_CHARS);
  }

  /** Every digit by the one that is as far from the other end. */
  private static String turned(String hex) {
    StringBuilder turned = new StringBuilder(hex.length());
    for (int i = 0; i < hex.length(); i++) {
      turned.append(Character.forDigit(15 - Character.digit(hex.charAt(i), 16), 16));
    }
    return turned.toString();
  }

  @Override
  public String toString() {
    return value;
  }
}
