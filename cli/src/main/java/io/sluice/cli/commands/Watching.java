package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.cli.Exit;
import io.sluice.cli.client.JobReader;
import io.sluice.cli.client.Jobs;
import io.sluice.cli.terminal.Console;
import io.sluice.cli.terminal.Signals;
import io.sluice.codec.Json;
import java.util.Optional;

/** Following one job to its end, as submit, embed and watch do. */
record Watching(Console console, Jobs jobs, boolean json) {
  /**
   * Submits a job and shows it.
   *
   * @param detach whether only its id is printed and nobody waits
   */
  Exit submit(ObjectNode request, boolean detach) {
    JsonNode job = jobs.submit(request);
    String id = job.path("id").asText();
    if (detach) {
      console.out().println(json ? Json.write(job) : id);
      return Exit.OK;
    }
    return follow(id);
  }

  /** Shows the job until it has ended; Ctrl-C leaves it running. */
  Exit follow(String id) {
    Signals.onStop(() -> leave(id));
    Live live = new Live(console);
    boolean streams = console.outIsTerminal() && !json;
    JobReader reader = streams ? live : live.silent();
    JsonNode job = jobs.follow(id, reader);
    live.close();
    if (json) {
      console.out().println(Json.write(job));
    } else if (job.path("output").has("embeddings")) {
      job.path("output").path("embeddings").forEach(it -> console.out().println(Json.write(it)));
    } else if (!streams) {
      console.out().println(job.path("output").path("text").asText());
    }
    return report(job);
  }

  private Exit report(JsonNode job) {
    String id = job.path("id").asText();
    return switch (job.path("state").asText()) {
      case "completed" -> {
        cached(job).ifPresent(text -> console.err().println("sluice: " + id + text));
        yield Exit.OK;
      }
      case "incomplete" -> {
        console.err().println("sluice: " + id + " reached its output limit; there is more to say");
        yield Exit.OK;
      }
      default -> {
        String why = job.path("error").path("message").asText("");
        console
            .err()
            .println(
                Console.harmless(
                    "sluice: " + id + " " + state(job) + (why.isEmpty() ? "" : ": " + why)));
        yield Exit.NOT_COMPLETED;
      }
    };
  }

  /** Whose answer it got, where it did not run. */
  private static Optional<String> cached(JsonNode job) {
    String whose = job.path("cached").path("job").asText("");
    String of = whose.isEmpty() ? "" : " of " + whose;
    return switch (job.path("cached").path("how").asText()) {
      case "hit" -> Optional.of(" was not run: the answer" + of + " was known");
      case "joined" -> Optional.of(" was not run: it waited for the answer" + of);
      default -> Optional.empty();
    };
  }

  private static String state(JsonNode job) {
    return switch (job.path("state").asText()) {
      case "failed" -> "failed (" + job.path("error").path("code").asText() + ")";
      case "cancelled" -> "was cancelled";
      case "expired" -> "expired before it could start";
      default -> "is " + job.path("state").asText();
    };
  }

  private void leave(String id) {
    console.err().printf("%nsluice: %s goes on. Come back: sluice watch %s%n", id, id);
    console.err().printf("        Stop it: sluice cancel %s%n", id);
    console.out().flush();
    Runtime.getRuntime().halt(Exit.INTERRUPTED.code());
  }
}
