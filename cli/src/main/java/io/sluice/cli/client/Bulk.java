package io.sluice.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.codec.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Files, batches and pipelines of a server, for a client that has hours: see {@link Endurance}.
 * Blocks; safe from any thread. What is refused for good is a {@link Refusal}.
 */
public final class Bulk {
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /** How often an upload may break off while the server answers otherwise. */
  private static final int BROKEN_MAX = 5;

  /** Metadata by which an undertaking is found whose answer was lost. */
  private static final String RUN = "sluice_run";

  private final Api api;
  private final Endurance endurance;

  /**
   * @param deadline how long a server may be away at most; {@link #until} changes it
   */
  public Bulk(Api api, InstantSource clock, Instant deadline, Notice notice) {
    this.api = api;
    this.endurance = new Endurance(api, clock, deadline, notice);
  }

  public String server() {
    return api.server().toString();
  }

  public void until(Instant deadline) {
    endurance.until(deadline);
  }

  /**
   * Sends a file and returns its id there; empty where the server says that it is too large.
   *
   * @param told why, in that case
   */
  public Optional<String> upload(Upload upload, Notice told) {
    int[] broken = {0};
    return endurance.until(
        () -> {
          try {
            return Optional.of(sent(upload));
          } catch (ServerProblem problem) {
            if (!problem.isTooLarge()) {
              throw problem;
            }
            told.away(problem.getMessage());
            return Optional.empty();
          } catch (IOException e) {
            if (!Jobs.refused(e) && ++broken[0] >= BROKEN_MAX) {
              throw new Refusal(
                  Exit.UNAVAILABLE, "sending " + upload.name() + " broke off: " + e.getMessage());
            }
            throw e;
          }
        });
  }

  private String sent(Upload upload) throws IOException {
    Upload.Body body = upload.body();
    return api.json(
            api.request("/v1/files", body.timeout())
                .header("Content-Type", body.contentType())
                .POST(body.bytes()))
        .path("id")
        .asText();
  }

  /**
   * Starts an undertaking, once, whatever gets lost on the way.
   *
   * @param run names this attempt; the same one never starts two
   * @param again whether it may have been started before
   */
  public JsonNode start(Undertaking kind, ObjectNode request, String run, boolean again) {
    ObjectNode named = request.deepCopy();
    named.withObject("/metadata").put(RUN, run);
    boolean[] doubt = {again};
    return endurance.until(
        () -> {
          Optional<JsonNode> started = doubt[0] ? started(kind, run) : Optional.empty();
          doubt[0] = true;
          return started.isPresent() ? started.get() : posted(kind, named);
        });
  }

  private JsonNode posted(Undertaking kind, JsonNode request) throws IOException {
    return api.json(
        api.request(kind.path(), ANSWER)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Json.write(request), StandardCharsets.UTF_8)));
  }

  /** The one of this run, among the newest hundred. */
  private Optional<JsonNode> started(Undertaking kind, String run) throws IOException {
    JsonNode page = api.json(api.request(kind.path() + "?limit=100", ANSWER).GET());
    for (JsonNode one : page.path("data")) {
      if (one.path("metadata").path(RUN).asText().equals(run)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  /** It as it stands. */
  public JsonNode find(Undertaking kind, String id) {
    return endurance.until(() -> found(kind, id));
  }

  /** It as it stands; nothing where the server does not say so at once. */
  public Optional<JsonNode> look(Undertaking kind, String id) {
    try {
      JsonNode found = found(kind, id);
      endurance.isHere();
      return Optional.of(found);
    } catch (IOException | ServerProblem e) {
      return Optional.empty();
    }
  }

  private JsonNode found(Undertaking kind, String id) throws IOException {
    return api.json(api.request(kind.path() + "/" + id, ANSWER).GET());
  }

  public JsonNode cancel(Undertaking kind, String id) {
    return endurance.until(
        () ->
            api.json(
                api.request(kind.path() + "/" + id + "/cancel", ANSWER)
                    .POST(BodyPublishers.noBody())));
  }

  /**
   * Tells every result after one, each once and in order, and returns the undertaking when it has
   * ended.
   */
  public JsonNode follow(Undertaking kind, String id, long after, ResultReader reader) {
    return new ResultFollower(this, endurance, kind, id, reader).follow(after);
  }

  /** The results after one. With {@code live} also those to come, until there are no more. */
  InputStream results(Undertaking kind, String id, long after, boolean live) throws IOException {
    String path = kind.path() + "/" + id + "/results?after=" + after + (live ? "" : "&wait=0");
    return api.stream(api.request(path, ANSWER).header("Accept", "application/x-ndjson").GET());
  }
}
