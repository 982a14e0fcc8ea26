package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.bulk.Analysis;
import io.sluice.cli.bulk.Course;
import io.sluice.cli.client.Undertaking;
import io.sluice.cli.settings.ClientSettings;
import io.sluice.cli.settings.DataSettings;
import io.sluice.cli.settings.ModelSettings;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.terminal.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has documents worked on, and collects the results. */
@Command(
    name = "analyze",
    header = "Has folders of documents summarised, searched, sorted or translated.",
    description =
        "PDF, DOCX, HTML, Markdown and text. Each document gives one line of JSON, which says where"
            + " everything in it comes from. Ctrl-C leaves it running at the server.")
public final class AnalyzeCommand extends Configured {
  @Parameters(
      arity = "0..*",
      paramLabel = "PATH",
      description = "files, folders with all that is in them, or patterns such as '*.pdf'")
  private List<String> paths = List.of();

  @Option(
      names = "--include",
      paramLabel = "PATTERN",
      description = "of folders only the files that match, such as '*.pdf'; can be repeated")
  private List<String> includes = List.of();

  @Option(
      names = "--exclude",
      paramLabel = "PATTERN",
      description = "of folders no file that matches, such as 'drafts/**'; can be repeated")
  private List<String> excludes = List.of();

  @Mixin private AnalysisOptions asked = new AnalysisOptions();
  @Mixin private BulkOptions bulk = new BulkOptions();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "make a page of the results at the end: FILE.html or FILE.md")
  private Optional<Path> report = Optional.empty();

  public AnalyzeCommand(Console console) {
    super(console, List.of(ClientSettings.class, DataSettings.class, ModelSettings.class));
  }

  @Override
  Exit run(Settings settings) {
    report.ifPresent(AnalyzeCommand::check);
    boolean begins = bulk.cancel().isEmpty() && bulk.resume().isEmpty();
    if (begins == paths.isEmpty()) {
      throw new Refusal(
          Exit.USAGE,
          begins
              ? "which documents? Name files or folders"
              : "--resume and --cancel go by what was begun: name no documents");
    }
    Optional<ObjectNode> request =
        begins
            ? Optional.of(asked.request().json(ServedModel.of(settings), bulk.window()))
            : Optional.empty();
    Bulks bulks = Bulks.of(console(), settings, Undertaking.PIPELINE, bulk);
    Course course = bulks.course(Optional.empty(), report);
    return request.isPresent()
        ? new Analysis(paths, includes, excludes).begin(bulks.around(), course, request.get())
        : bulks.other(course).orElseThrow();
  }

  private static void check(Path file) {
    if (!file.toString().matches(".*\\.(html|htm|md|markdown)")) {
      throw new Refusal(Exit.USAGE, "--report: " + file + " ends neither in .html nor in .md");
    }
    // Written at the end, which may be tomorrow: what is wrong with the place is told now.
    Path folder = file.toAbsolutePath().getParent();
    if (!Files.isWritable(folder) || Files.isDirectory(file)) {
      throw new Refusal(
          Exit.USAGE,
          "--report: cannot write "
              + file
              + (Files.isDirectory(folder) ? "" : ": no such file or folder"));
    }
  }
}
