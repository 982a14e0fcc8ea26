package io.sluice.cli.bulk;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.bulk.Checkpoint.Sent;
import io.sluice.cli.client.Notice;
import io.sluice.cli.client.Undertaking;
import io.sluice.cli.client.Upload;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Sends the documents of one undertaking, several at a time, each once. Used once. */
final class Sending {
  private static final int AT_ONCE = 4;

  /** After its end, files are kept for as long again, so that a reader can look them up. */
  private static final Duration KEPT_AFTER = Duration.ofDays(1);

  private final Surroundings around;
  private final Checkpoint.State state;
  private final Optional<Checkpoint> checkpoint;
  private final Duration window;
  private final Map<Integer, Sent> there;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final long bytesTotal;

  Sending(
      Surroundings around,
      Checkpoint.State state,
      Optional<Checkpoint> checkpoint,
      Duration window) {
    this.around = around;
    this.state = state;
    this.checkpoint = checkpoint;
    this.window = window;
    this.there = new TreeMap<>(state.uploaded());
    this.bytesTotal = state.documents().stream().mapToLong(FoundDocument::bytes).sum();
  }

  /** The ids of the documents in their order; without those that could not be sent. */
  List<String> send() {
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int thread = 0; thread < AT_ONCE; thread++) {
        running.add(threads.submit(this::sendSome));
      }
    }
    running.forEach(Sending::check);
    return there.values().stream().map(Sent::id).toList();
  }

  private static void check(Future<?> ended) {
    try {
      ended.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void sendSome() {
    try {
      int documents = state.documents().size();
      for (int i = next.getAndIncrement(); i < documents; i = next.getAndIncrement()) {
        send(i);
        done.incrementAndGet();
        show();
      }
    } catch (RuntimeException e) {
      next.set(state.documents().size()); // one that is refused for good ends all
      throw e;
    }
  }

  private void send(int place) {
    FoundDocument known = state.documents().get(place);
    Optional<Sent> before = Optional.ofNullable(state.uploaded().get(place));
    Optional<FoundDocument> now = asItIs(known);
    if (before.isPresent() && (now.isEmpty() || now.equals(before.map(Sent::as)))) {
      bytes.addAndGet(known.bytes());
      return;
    }
    if (now.isEmpty()) {
      around.line().say(known.name() + " is left out: it is not there any more");
      return;
    }
    around
        .bulk()
        .upload(upload(now.get()), told(known))
        .ifPresent(id -> keep(place, new Sent(id, now.get())));
  }

  private static Optional<FoundDocument> asItIs(FoundDocument known) {
    try {
      return Optional.of(known.again());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Upload upload(FoundDocument document) {
    String purpose = state.kind() == Undertaking.BATCH ? "batch" : "user_data";
    if (!java.nio.file.Files.isReadable(document.path())) {
      throw new Refusal(Exit.USAGE, "cannot read " + document.name());
    }
    return new Upload(
        document.path(), document.name(), purpose, window.plus(KEPT_AFTER), this::sent);
  }

  private void keep(int place, Sent sent) {
    checkpoint.ifPresent(open -> open.uploaded(place, sent));
    synchronized (there) {
      there.put(place, sent);
    }
  }

  private Notice told(FoundDocument document) {
    return new Notice() {
      @Override
      public void away(String why) {
        around.line().say(document.name() + " is left out: " + why);
      }

      @Override
      public void back() {
        // It is not asked for again.
      }
    };
  }

  private void sent(long count) {
    bytes.addAndGet(count);
    show();
  }

  private void show() {
    int documents = state.documents().size();
    List<String> beside =
        List.of(
            "sending " + Amounts.count(done.get()) + "/" + Amounts.of(documents, "file"),
            Amounts.bytes(Math.min(bytes.get(), bytesTotal)) + " of " + Amounts.bytes(bytesTotal));
    around.line().show(columns -> Bar.line(bytes.get(), bytesTotal, beside, columns));
  }
}
