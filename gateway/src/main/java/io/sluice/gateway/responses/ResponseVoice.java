package io.sluice.gateway.responses;

import io.sluice.JobEvent;
import io.sluice.JobRecord;
import io.sluice.LoggedEvent;
import io.sluice.Position;
import io.sluice.gateway.held.Voice;
import io.sluice.gateway.problem.Problem;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** Tells a held client of its response, in events with the numbers that its log gives them. */
final class ResponseVoice implements Voice {
  private final Numbering numbering;

  /** What says nothing yet goes out with the first word, or with the head. */
  private Buffer pending = Buffer.buffer();

  ResponseVoice(JobRecord accepted) {
    this.numbering = new Numbering(accepted);
    numbering.opening().forEach(event -> Frames.append(pending, event));
  }

  @Override
  public String contentType() {
    return Frames.CONTENT_TYPE;
  }

  @Override
  public Buffer begin() {
    return taken();
  }

  @Override
  public Buffer beat() {
    return Frames.comment();
  }

  /** Its numbers count what is in the log, twice said or not. */
  @Override
  public boolean canGoOn() {
    return false;
  }

  /** What an attempt put out before another one began never was; only its numbers are used up. */
  @Override
  public void passed(LoggedEvent logged) {
    numbering.next(logged).stream()
        .filter(event -> event.part() instanceof Numbered.Part.Opening)
        .forEach(event -> Frames.append(pending, event));
  }

  @Override
  public Buffer text(JobEvent.Token piece) {
    return said(piece);
  }

  @Override
  public Buffer thinking(JobEvent.Thinking piece) {
    return said(piece);
  }

  @Override
  public Buffer toolCall(JobEvent.ToolCall call) {
    return said(call);
  }

  @Override
  public Buffer end(JobRecord ended) {
    return frames(numbering.end(ended));
  }

  @Override
  public Buffer failure(Problem why) {
    return taken().appendBuffer(Frames.error(why, numbering.number()));
  }

  @Override
  public Buffer failure(Problem why, JobRecord ended) {
    return end(ended);
  }

  /** Only the beginnings of attempts are told by their places. */
  private Buffer said(JobEvent event) {
    List<Numbered> made = numbering.next(new LoggedEvent(Position.START, event));
    return made.isEmpty() ? Buffer.buffer() : frames(made);
  }

  private Buffer frames(List<Numbered> events) {
    Buffer out = taken();
    events.forEach(event -> Frames.append(out, event));
    return out;
  }

  private Buffer taken() {
    Buffer all = pending;
    pending = Buffer.buffer();
    return all;
  }
}
