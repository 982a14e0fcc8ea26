package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.client.JobReader;
import io.sluice.cli.client.Jobs;
import io.sluice.cli.terminal.Columns;
import io.sluice.cli.terminal.Console;
import io.sluice.cli.terminal.StopSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The jobs of a demonstration: the same question for each section of a text. */
record DemoJobs(Console console, Jobs jobs, String model, StopSignal stop) {
  private static final int JOBS = 6;
  private static final int OUTPUT_TOKENS = 96;
  private static final Duration POLL = Duration.ofSeconds(2);

  /** Shows them all; whether each has an answer. */
  boolean showAll() {
    List<Sections.Section> sections = Sections.ofLicence().stream().limit(JOBS).toList();
    List<String> ids = new ArrayList<>();
    for (Sections.Section section : sections) {
      ids.add(jobs.submit(request(section)).path("id").asText());
    }
    console.out().println();
    console.out().println("Submitted " + ids.size() + " jobs: sum up a section of the licence.");
    console.out().println("The first one, token by token:");
    console.out().println();
    Columns columns = new Columns(console.out());
    jobs.follow(ids.getFirst(), streaming(columns));
    columns.end();
    console.out().println();
    return table(sections, ids);
  }

  private com.fasterxml.jackson.databind.node.ObjectNode request(Sections.Section section) {
    return new JobRequest(
            "Sum up this section of a licence in one sentence:\n\n" + section.text(),
            Optional.empty(),
            model,
            Optional.empty(),
            Optional.of(OUTPUT_TOKENS))
        .json();
  }

  private static JobReader streaming(Columns columns) {
    return new JobReader() {
      @Override
      public void token(String text) {
        columns.print(text);
      }

      @Override
      public void thinking(String text) {
        columns.print(text);
      }

      @Override
      public void reset(int attempt, String reason) {
        columns.print("\n[attempt " + attempt + ", after " + reason + "]\n");
      }
    };
  }

  private boolean table(List<Sections.Section> sections, List<String> ids) {
    console
        .out()
        .println("  #  Section                                Waited     Ran  Tokens  State");
    boolean all = true;
    for (int i = 0; i < ids.size(); i++) {
      JsonNode job = ended(ids.get(i));
      console.out().println(row(i + 1, sections.get(i).title(), job));
      console.out().flush();
      String state = job.path("state").asText();
      all &= state.equals("completed") || state.equals("incomplete");
    }
    return all;
  }

  private JsonNode ended(String id) {
    JsonNode job = jobs.find(id, POLL);
    while (job.path("ended_at").isNull() && !stop.await(Duration.ZERO)) {
      job = jobs.find(id, POLL);
    }
    return job;
  }

  private static String row(int number, String title, JsonNode job) {
    String shown = title.length() > 36 ? title.substring(0, 35) + "…" : title;
    return "  %d  %-36s %8s %7s %7d  %s"
        .formatted(
            number,
            shown,
            between(job, "created_at", "started_at"),
            between(job, "started_at", "ended_at"),
            job.path("usage").path("completion_tokens").asInt(),
            job.path("state").asText());
  }

  private static String between(JsonNode job, String from, String to) {
    if (!job.path(from).isTextual() || !job.path(to).isTextual()) {
      return "-";
    }
    Duration time =
        Duration.between(
            Instant.parse(job.path(from).asText()), Instant.parse(job.path(to).asText()));
    return "%.1f s".formatted(time.toMillis() / 1000.0);
  }
}
