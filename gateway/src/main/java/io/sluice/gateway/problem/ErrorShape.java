package io.sluice.gateway.problem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.net.RFC3986;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a refusal is written: as a problem, or as the clients of a compatible surface expect it. The
 * path decides, also where a request is refused before anybody knows its route.
 */
public enum ErrorShape {
  /** RFC 9457. */
  PROBLEM("application/problem+json; charset=utf-8") {
    @Override
    int status(Problem problem) {
      return problem.code().status();
    }

    @Override
    public ObjectNode body(Problem problem) {
      return problem.body();
    }
  },

  /** {@code {"error":"a sentence"}}, and 400 for every fault of a body. */
  OLLAMA("application/json; charset=utf-8") {
    @Override
    int status(Problem problem) {
      int status = problem.code().status();
      return status == 422 ? 400 : status;
    }

    @Override
    public ObjectNode body(Problem problem) {
      return Json.object().put("error", sentence(problem));
    }
  },

  /** See {@link OpenAiError}. */
  OPENAI("application/json; charset=utf-8") {
    @Override
    int status(Problem problem) {
      return OpenAiError.of(problem).status();
    }

    @Override
    Map<String, String> headers(Problem problem) {
      return OpenAiError.headers(problem);
    }

    @Override
    public ObjectNode body(Problem problem) {
      return OpenAiError.of(problem).body();
    }
  };

  /** What is served, and what OpenAI's SDKs ask for besides: they shall hear why there is none. */
  private static final List<String> OF_OPENAI =
      List.of(
          "/v1/chat",
          "/v1/completions",
          "/v1/embeddings",
          "/v1/models",
          "/v1/responses",
          "/v1/assistants",
          "/v1/audio",
          "/v1/batches",
          "/v1/containers",
          "/v1/conversations",
          "/v1/evals",
          "/v1/files",
          "/v1/fine_tuning",
          "/v1/images",
          "/v1/moderations",
          "/v1/realtime",
          "/v1/threads",
          "/v1/uploads",
          "/v1/vector_stores",
          "/v1/videos");

  /** So many faults are told in one sentence. */
  private static final int FAULTS_MAX = 5;

  private final String contentType;

  ErrorShape(String contentType) {
    this.contentType = contentType;
  }

  static ErrorShape of(HttpServerRequest request) {
    return request.path() == null ? PROBLEM : ofPath(normal(request.path()));
  }

  /** The path by which the router goes, and without the empty steps by which it does not. */
  private static String normal(String path) {
    try {
      return RFC3986.normalizePath(path).replaceAll("/{2,}", "/");
    } catch (IllegalArgumentException e) {
      return path;
    }
  }

  private static ErrorShape ofPath(String path) {
    if (path.startsWith("/api/")) {
      return OLLAMA;
    }
    boolean openAi =
        OF_OPENAI.stream().anyMatch(one -> path.equals(one) || path.startsWith(one + "/"));
    return openAi ? OPENAI : PROBLEM;
  }

  String contentType() {
    return contentType;
  }

  abstract int status(Problem problem);

  /** Those besides the problem's own. */
  Map<String, String> headers(Problem problem) {
    return Map.of();
  }

  /** The body of the answer, or of what ends a stream. */
  public abstract ObjectNode body(Problem problem);

  /** What is wrong, in one line, with the fields that are. */
  private static String sentence(Problem problem) {
    List<String> faults = new ArrayList<>();
    for (JsonNode fault : problem.members().getOrDefault("errors", Json.object())) {
      String place = OpenAiMembers.place(fault.path("pointer").asText());
      faults.add((place.isEmpty() ? "" : place + ": ") + fault.path("detail").asText());
    }
    if (faults.isEmpty()) {
      return problem.detail();
    }
    int more = faults.size() - FAULTS_MAX;
    return String.join(" ", faults.subList(0, Math.min(FAULTS_MAX, faults.size())))
        + (more > 0 ? " And " + more + " more." : "");
  }
}
