package io.sluice.gateway;

import io.sluice.JobId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A reader of an event stream that keeps what it got, whole events only. */
final class SseReader implements AutoCloseable {
  final List<Event> events = new CopyOnWriteArrayList<>();
  final Map<String, List<String>> headers;
  volatile int comments;
  volatile boolean ended;
  private final InputStream in;
  private final Thread thread;

  private SseReader(HttpResponse<InputStream> response) {
    this.headers = response.headers().map();
    this.in = response.body();
    this.thread = Thread.ofVirtual().start(this::read);
  }

  static SseReader open(TestGateway sluice, JobId id, Optional<String> after) {
    return open(
        sluice, id, after.map(at -> new String[] {"Last-Event-ID", at}).orElse(new String[0]));
  }

  /** Reads from the start with another credential. */
  static SseReader as(String credential, TestGateway sluice, JobId id) {
    return open(sluice, id, "Authorization", "Bearer " + credential);
  }

  private static SseReader open(TestGateway sluice, JobId id, String... headers) {
    String path = "/v1/jobs/" + id + "/events";
    try {
      HttpResponse<InputStream> response =
          sluice
              .client()
              .send(
                  sluice.request("GET", path, "", headers),
                  HttpResponse.BodyHandlers.ofInputStream());
      Observed.add("GET", path, response.statusCode());
      if (response.statusCode() != 200) {
        throw new AssertionError("status " + response.statusCode());
      }
      return new SseReader(response);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      Event event = new Event("", "", "");
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          event = new Event(line.substring(4), event.type(), event.data());
        } else if (line.startsWith("event: ")) {
          event = new Event(event.id(), line.substring(7), event.data());
        } else if (line.startsWith("data: ")) {
          event = new Event(event.id(), event.type(), line.substring(6));
        } else if (line.startsWith(":")) {
          comments++;
        } else if (line.isEmpty() && !event.type().isEmpty()) {
          events.add(event);
          event = new Event("", "", "");
        }
      }
      ended = true;
    } catch (IOException cut) {
      ended = true;
    }
  }

  List<String> types() {
    return events.stream().map(Event::type).toList();
  }

  @Override
  public void close() {
    try {
      in.close();
      thread.join();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  record Event(String id, String type, String data) {}
}
