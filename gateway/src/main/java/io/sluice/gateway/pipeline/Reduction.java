package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sluice.TokenCounter;
import io.sluice.gateway.pipeline.Asking.Question;
import io.sluice.gateway.pipeline.Asking.Told;
import io.sluice.gateway.pipeline.split.Splitter;
import io.sluice.gateway.pipeline.task.Answer;
import io.sluice.gateway.pipeline.task.Levels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Brings answers together by prompts, in levels where they do not fit one. Comes to an end, since
 * no answer takes more than half of a prompt: a longer text is cut there, and what is JSON fails.
 *
 * @param name begins the names of its questions
 * @param room of all answers in one prompt, in tokens
 * @param prompts makes a chat of answers
 */
record Reduction(
    Asking asking,
    String name,
    TokenCounter counter,
    int room,
    Function<List<String>, ObjectNode> prompts,
    Asking.Reading reading) {
  /** An answer's number, and the lines around it. */
  private static final int FRAME_TOKENS = 8;

  /** What came of it: a closed choice. */
  sealed interface Reduced {
    record Whole(Answer.Good answer) implements Reduced {}

    record Failed(Fault why) implements Reduced {}

    record Stopped(Fault why) implements Reduced {}
  }

  /**
   * @param answers at least one
   * @param atLeastOnce whether one answer alone is asked about, too
   */
  Reduced of(List<Answer.Good> answers, boolean atLeastOnce) throws InterruptedException {
    List<Answer.Good> level = answers;
    boolean asks = atLeastOnce;
    for (int depth = 0; level.size() > 1 || asks; depth++) {
      asks = false;
      Optional<List<Answer.Good>> fitting = fitting(level);
      if (fitting.isEmpty()) {
        return new Reduced.Failed(
            new Fault(
                "answers_too_long",
                "The answers are too long to be brought together: lower max_output_tokens."));
      }
      List<Told> told = ask(fitting.get(), depth);
      List<Answer.Good> next = new ArrayList<>();
      for (Told one : told) {
        switch (one) {
          case Told.Answered(Answer.Good good, var job) -> next.add(good);
          case Told.Answered(Answer.Bad bad, var job) -> {
            return new Reduced.Failed(new Fault(bad.code(), bad.message()));
          }
          case Told.Failed(Fault why, var job) -> {
            return new Reduced.Failed(why);
          }
          case Told.Stopped(Fault why, var job) -> {
            return new Reduced.Stopped(why);
          }
        }
      }
      level = next;
    }
    return new Reduced.Whole(level.getFirst());
  }

  private List<Told> ask(List<Answer.Good> level, int depth) throws InterruptedException {
    List<Integer> tokens = level.stream().map(this::tokens).toList();
    List<Integer> sizes = Levels.groups(tokens, room);
    List<List<Answer.Good>> groups = new ArrayList<>();
    int from = 0;
    for (int size : sizes) {
      groups.add(level.subList(from, from + size));
      from += size;
    }
    boolean passesLast = groups.size() > 1 && groups.getLast().size() == 1;
    int asked = passesLast ? groups.size() - 1 : groups.size();
    List<Told> told = new ArrayList<>(asking.all(asked, i -> question(groups.get(i), depth, i)));
    if (passesLast) {
      told.add(new Told.Answered(groups.getLast().getFirst(), Optional.empty()));
    }
    return told;
  }

  private Question question(List<Answer.Good> group, int depth, int index) {
    List<String> texts = group.stream().map(Reduction::text).toList();
    return new Question(name + ".r" + depth + "." + index, prompts.apply(texts), reading);
  }

  /** Empty if one cannot be made to fit. */
  private Optional<List<Answer.Good>> fitting(List<Answer.Good> level) {
    int share = Levels.share(room);
    List<Answer.Good> fitting = new ArrayList<>();
    for (Answer.Good answer : level) {
      if (tokens(answer) <= share) {
        fitting.add(answer);
      } else if (answer.value().isTextual()) {
        fitting.add(new Answer.Good(TextNode.valueOf(cut(text(answer), share)), true));
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(fitting);
  }

  private String cut(String text, int share) {
    Splitter.Size size = new Splitter.Size(share - FRAME_TOKENS, 0);
    return Splitter.split(text, counter, size).getFirst().of(text);
  }

  private int tokens(Answer.Good answer) {
    return counter.count(text(answer)) + FRAME_TOKENS;
  }

  /** Of what was found out about a question only that. */
  private static String text(Answer.Good answer) {
    return answer.value().path("found").isBoolean()
        ? Answer.said(answer).orElse("")
        : answer.text();
  }
}
