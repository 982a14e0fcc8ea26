package io.sluice.clients;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpClientBuilderLoader;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** LangChain4j's own client of HTTP, with headers where its builders have none to set. */
record ShowingHeaders(HttpClientBuilder inner, Map<String, String> headers)
    implements HttpClientBuilder {
  ShowingHeaders(Map<String, String> headers) {
    this(HttpClientBuilderLoader.loadHttpClientBuilder(), headers);
  }

  @Override
  public Duration connectTimeout() {
    return inner.connectTimeout();
  }

  @Override
  public HttpClientBuilder connectTimeout(Duration timeout) {
    inner.connectTimeout(timeout);
    return this;
  }

  @Override
  public Duration readTimeout() {
    return inner.readTimeout();
  }

  @Override
  public HttpClientBuilder readTimeout(Duration timeout) {
    inner.readTimeout(timeout);
    return this;
  }

  @Override
  public HttpClient build() {
    return new Showing(inner.build(), headers);
  }

  private record Showing(HttpClient inner, Map<String, String> headers) implements HttpClient {
    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
      return inner.execute(with(request));
    }

    @Override
    public void execute(
        HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
      inner.execute(with(request), parser, listener);
    }

    private HttpRequest with(HttpRequest request) {
      Map<String, List<String>> all = new HashMap<>(request.headers());
      headers.forEach((name, value) -> all.put(name, List.of(value)));
      return HttpRequest.builder()
          .method(request.method())
          .url(request.url())
          .headers(all)
          .body(request.body())
          .build();
    }
  }
}
