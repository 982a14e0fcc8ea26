package io.sluice.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import javax.net.ssl.SSLHandshakeException;

/** The jobs of a server, for a patient client: what may help to ask again is asked again. */
public final class Jobs {
  private final Api api;
  private final InstantSource clock;
  private final Patience patience;

  public Jobs(Api api, InstantSource clock) {
    this.api = api;
    this.clock = clock;
    this.patience = new Patience(api, clock);
  }

  /** Submits a job and returns it. A lost answer is asked for again, under the same key. */
  public JsonNode submit(JsonNode job) {
    String key = UUID.randomUUID().toString();
    return patience.until(() -> api.submit(job, key));
  }

  /** The job as it stands, or as it ended within {@code wait}. */
  public JsonNode find(String id, Duration wait) {
    return patience.until(() -> api.job(id, wait));
  }

  public JsonNode cancel(String id) {
    return patience.until(() -> api.cancel(id));
  }

  /** What held a job, and for how long. */
  public JsonNode explain(String id) {
    return patience.until(() -> api.explain(id));
  }

  /** Tells a reader everything of a job, and returns it when it has ended. */
  public JsonNode follow(String id, JobReader reader) {
    return new Follower(api, clock, id, reader).follow();
  }

  /** Reads a job's whole log anew: how many ends it has, and the text of its final attempt. */
  public Log log(String id) throws IOException {
    return Log.read(api.events(id, "").orElseThrow(() -> new IOException("no events")));
  }

  /** Whether it is no use to ask again soon, as opposed to a connection that broke. */
  static boolean refused(Exception e) {
    return e instanceof ConnectException
        || e instanceof HttpConnectTimeoutException
        || e instanceof SSLHandshakeException;
  }

  static Refusal unreachable(Api api, Exception why) {
    return why instanceof SSLHandshakeException
        ? new Refusal(
            Exit.UNAVAILABLE,
            "the certificate of "
                + api.server()
                + " is not trusted, or not for that name ("
                + why.getMessage()
                + "): name who vouches for it with --ca FILE or SLUICE_CA")
        : unreachable(api);
  }

  static Refusal unreachable(Api api) {
    return new Refusal(
        Exit.UNAVAILABLE,
        "no answer from " + api.server() + ": is it running? Start it with: sluice up");
  }
}
