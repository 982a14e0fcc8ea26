package io.sluice.cli.commands;

import io.sluice.cli.bulk.AnalysisRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What is asked of documents, as options. */
final class AnalysisOptions {
  @Option(
      names = "--task",
      paramLabel = "TASK",
      description =
          "summarise, extract, question, translate, classify or custom; can be left out where"
              + " --template, --question, --labels or --schema says it")
  private Optional<String> task = Optional.empty();

  @Option(
      names = "--question",
      paramLabel = "TEXT",
      description = "a question; it is answered for each document, and for all of them together")
  private Optional<String> question = Optional.empty();

  @Option(
      names = "--schema",
      paramLabel = "FILE",
      description = "the JSON schema of each result; extract needs one")
  private Optional<Path> schema = Optional.empty();

  @Option(
      names = {"--labels", "--label"},
      paramLabel = "LABEL",
      description = "what documents are sorted into; several: repeat it, or commas")
  private List<String> labels = List.of();

  @Option(
      names = "--language",
      paramLabel = "NAME",
      description = "the language of the results, such as German; translate needs one")
  private Optional<String> language = Optional.empty();

  @Option(
      names = "--template",
      paramLabel = "FILE",
      description =
          "a prompt of your own: after a line '--- map' what is asked of each part, with"
              + " {{text}}; after a line '--- reduce' what is asked of the answers, with {{answers}}")
  private Optional<Path> template = Optional.empty();

  @Option(
      names = "--split-tokens",
      paramLabel = "N",
      description =
          "the most tokens of a part; else 3000, 1000 for translate, or less in a small context")
  private Optional<Integer> splitTokens = Optional.empty();

  @Option(
      names = "--overlap",
      paramLabel = "N",
      description = "how many tokens a part repeats of the one before it")
  private Optional<Integer> overlap = Optional.empty();

  @Option(
      names = "--on-failed-part",
      paramLabel = "WHAT",
      description = "keep: the document goes on without it (as without this); fail: it fails")
  private Optional<String> onFailedPart = Optional.empty();

  @Option(
      names = "--max-output-tokens",
      paramLabel = "N",
      description = "the most tokens of each answer")
  private Optional<Integer> maxOutputTokens = Optional.empty();

  AnalysisRequest request() {
    return new AnalysisRequest(
        task,
        question,
        schema,
        labels,
        language,
        template,
        splitTokens,
        overlap,
        onFailedPart,
        maxOutputTokens);
  }
}
