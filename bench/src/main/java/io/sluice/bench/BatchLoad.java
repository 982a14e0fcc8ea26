package io.sluice.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a long batch costs interactive jobs and the gateway's memory, and how near it comes to what
 * its slots allow. Interactive jobs come by chance at a fixed rate, whatever their answers take:
 * first alone, then beside the batch. Runs from its source: it needs nothing but the JDK.
 */
public final class BatchLoad {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final Duration SAMPLE_EVERY = Duration.ofSeconds(100);
  private static final int ANCHORS = 20;

  /** How long a batch is paused, and how long it runs, in turn; and when that is felt. */
  private static final Duration PAUSE = Duration.ofSeconds(35);

  private static final Duration SETTLED = Duration.ofSeconds(10);

  /** Jobs at a time where the batch is made of single jobs. */
  private static final int JOBS_AT_ONCE = 256;

  private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");
  private static final Pattern STATUS = Pattern.compile("\"status\"\\s*:\\s*\"([^\"]+)\"");
  private static final Pattern OUTPUT = Pattern.compile("\"output_file_id\"\\s*:\\s*\"([^\"]+)\"");
  private static final Pattern COMPLETED = Pattern.compile("\"completed\"\\s*:\\s*(\\d+)");
  private static final Pattern CREATED = Pattern.compile("\"created_at\"\\s*:\\s*\"([^\"]+)\"");
  private static final Pattern STARTED = Pattern.compile("\"started_at\"\\s*:\\s*\"([^\"]+)\"");
  private static final Pattern LIVE =
      Pattern.compile("^Total\\s+\\d+\\s+(\\d+)", Pattern.MULTILINE);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Plan plan;
  private volatile Part part = Part.NEITHER;
  private Part turned = Part.BESIDE; // by the thread of the batch alone
  private final long begun = System.nanoTime();

  private BatchLoad(Plan plan) {
    this.plan = plan;
  }

  /**
   * What is measured.
   *
   * @param gateway the process whose memory is looked at
   * @param mode batch; jobs for the same lines as single jobs of class batch; pauses for a batch
   *     that is paused every other while, so that what else the machine does meets both alike
   * @param rate of interactive jobs, a second
   * @param alone seconds without the batch
   */
  private record Plan(
      String sluice,
      String key,
      String engine,
      String model,
      long gateway,
      String mode,
      int lines,
      int slots,
      double rate,
      int alone) {}

  /** What goes on while an interactive job is under way, from its beginning to its end. */
  private enum Part {
    ALONE,
    BESIDE,
    NEITHER
  }

  /** An interactive job: seconds until it started, and until its first token was here. */
  private record Seen(Part part, double waited, double firstToken) {}

  /** The gateway's memory in MiB. */
  private record Memory(double second, double resident, double live) {}

  /**
   * @param arguments as in {@link Plan}
   */
  public static void main(String[] arguments) throws Exception {
    String[] a = arguments;
    new BatchLoad(
            new Plan(
                a[0],
                a[1].strip(),
                a[2],
                a[3],
                Long.parseLong(a[4]),
                a[5],
                Integer.parseInt(a[6]),
                Integer.parseInt(a[7]),
                Double.parseDouble(a[8]),
                Integer.parseInt(a[9])))
        .measure();
  }

  private void measure() throws Exception {
    double job = engineSeconds();
    System.out.printf(Locale.ROOT, "the engine takes %.0f ms for a job%n", 1000 * job);
    Queue<Memory> memory = new ConcurrentLinkedQueue<>();
    AtomicBoolean over = new AtomicBoolean();
    Thread watcher = Thread.ofVirtual().start(() -> watch(memory, over));
    interactive(() -> since() > WARM_UP.toSeconds());
    double until = since() + plan.alone();
    part = Part.ALONE;
    List<Seen> seen = new ArrayList<>(interactive(() -> since() > until));
    part = plan.mode().equals("pauses") ? Part.NEITHER : Part.BESIDE;

    AtomicBoolean done = new AtomicBoolean();
    double[] took = new double[1];
    double[] broke = new double[1];
    double from = since();
    Thread batch =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    took[0] = plan.mode().equals("jobs") ? jobs() : batch();
                  } catch (Exception e) {
                    broke[0] = 1;
                    e.printStackTrace(System.out);
                  } finally {
                    done.set(true);
                  }
                });
    seen.addAll(interactive(done::get));
    batch.join();
    over.set(true);
    watcher.join();
    print(job, of(seen, Part.ALONE), of(seen, Part.BESIDE), took[0]);
    memory.forEach(
        it ->
            System.out.printf(
                Locale.ROOT,
                "%5.0f s  resident %.0f MiB  live heap %.1f MiB%s%n",
                it.second(),
                it.resident(),
                it.live(),
                it.second() < from ? "" : "  batch"));
    System.exit(broke[0] > 0 ? 1 : 0);
  }

  private static List<Seen> of(List<Seen> seen, Part part) {
    return seen.stream().filter(it -> it.part() == part).toList();
  }

  private double since() {
    return (System.nanoTime() - begun) / 1e9;
  }

  private void print(double job, List<Seen> alone, List<Seen> beside, double took) {
    System.out.printf(
        Locale.ROOT, "%-28s %10s %10s %8s%n", "interactive, ms", "alone", "beside", "ratio");
    row("wait p50", alone, beside, Seen::waited, 0.5);
    row("wait p99", alone, beside, Seen::waited, 0.99);
    row("first token p50", alone, beside, Seen::firstToken, 0.5);
    row("first token p99", alone, beside, Seen::firstToken, 0.99);
    System.out.printf("jobs: %d alone, %d beside the batch%n", alone.size(), beside.size());
    if (plan.mode().equals("pauses")) {
      return;
    }
    double others = plan.rate() * job;
    double allowed = plan.lines() * job / (plan.slots() - 1 - others);
    System.out.printf(
        Locale.ROOT,
        "%d lines took %.1f s; %d slots but one, less %.1f of interactive jobs, allow %.1f s: ratio"
            + " %.3f%n",
        plan.lines(),
        took,
        plan.slots(),
        others,
        allowed,
        took / allowed);
  }

  private static void row(
      String name, List<Seen> alone, List<Seen> beside, ToDoubleFunction<Seen> of, double part) {
    double one = 1000 * quantile(alone, of, part);
    double other = 1000 * quantile(beside, of, part);
    System.out.printf(Locale.ROOT, "%-28s %10.1f %10.1f %8.2f%n", name, one, other, other / one);
  }

  private static double quantile(List<Seen> seen, ToDoubleFunction<Seen> of, double part) {
    double[] sorted = seen.stream().mapToDouble(of).sorted().toArray();
    return sorted.length == 0
        ? 0
        : sorted[Math.min(sorted.length - 1, (int) (sorted.length * part))];
  }

  /** How long the engine alone keeps a slot for a job: the anchor. */
  private double engineSeconds() throws IOException, InterruptedException {
    double best = Double.MAX_VALUE;
    for (int n = 0; n < ANCHORS; n++) {
      double from = since();
      ok(
          http.send(
              HttpRequest.newBuilder(URI.create(plan.engine() + "/api/chat"))
                  .timeout(LIMIT)
                  .POST(BodyPublishers.ofString(body(0, ",\"think\":false")))
                  .build(),
              BodyHandlers.ofString()));
      best = Math.min(best, since() - from);
    }
    return best;
  }

  /** About 600 characters, none like the other. */
  private static String words(int number) {
    Random random = new Random(number);
    StringBuilder text = new StringBuilder("Document ").append(number).append(':');
    while (text.length() < 600) {
      text.append(' ').append(Integer.toString(random.nextInt(1 << 20), 36));
    }
    return text.toString();
  }

  private String body(int number, String more) {
    return "{\"model\":\"%s\"%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(plan.model(), more, words(number));
  }

  /** Jobs at the plan's rate until it is said to end; those that came are waited for. */
  private List<Seen> interactive(java.util.function.BooleanSupplier end)
      throws InterruptedException {
    Random random = new Random(7);
    Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    AtomicInteger failed = new AtomicInteger();
    List<Thread> running = new ArrayList<>();
    double next = since();
    while (!end.getAsBoolean()) {
      next += -Math.log(1 - random.nextDouble()) / plan.rate();
      Thread.sleep(Duration.ofNanos((long) Math.max(0, 1e9 * (next - since()))));
      int number = random.nextInt();
      running.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      seen.add(ask(number));
                    } catch (IOException | InterruptedException | RuntimeException e) {
                      failed.incrementAndGet();
                      System.out.println("an interactive job: " + e);
                    }
                  }));
    }
    for (Thread thread : running) {
      thread.join();
    }
    if (failed.get() > 0) {
      System.out.println(failed + " interactive jobs failed");
    }
    return List.copyOf(seen);
  }

  private Seen ask(int number) throws IOException, InterruptedException {
    Part then = part;
    double from = since();
    HttpResponse<String> accepted =
        ok(
            http.send(
                request("/v1/jobs")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body(number, "")))
                    .build(),
                BodyHandlers.ofString()));
    String job = accepted.headers().firstValue("Location").orElseThrow();
    HttpResponse<InputStream> events =
        http.send(
            request(URI.create(job).getPath() + "/events").build(), BodyHandlers.ofInputStream());
    double first = 0;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
      String event = "";
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event:")) {
          event = line.substring(6).strip();
        } else if (line.startsWith("data:") && event.equals("token") && first == 0) {
          first = since() - from;
        } else if (line.startsWith("data:") && event.equals("end")) {
          return new Seen(then == part ? then : Part.NEITHER, waited(line), first);
        }
      }
    }
    throw new IOException("no end of " + job);
  }

  private static double waited(String job) throws IOException {
    Instant created = Instant.parse(found(CREATED, job));
    return Duration.between(created, Instant.parse(found(STARTED, job))).toNanos() / 1e9;
  }

  /** The whole life of a batch: uploads, makes, watches, and reads it. Returns its seconds. */
  private double batch() throws IOException, InterruptedException {
    Path file = Files.createTempFile("batch", ".jsonl");
    try {
      write(file);
      double from = since();
      String input = found(ID, ok(http.send(upload(file), BodyHandlers.ofString())).body());
      double uploaded = since();
      String made =
          "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/chat/completions\",\"completion_window\":\"24h\"}"
              .formatted(input);
      String batch =
          found(
              ID,
              ok(http.send(
                      request("/v1/batches")
                          .header("Content-Type", "application/json")
                          .POST(BodyPublishers.ofString(made))
                          .build(),
                      BodyHandlers.ofString()))
                  .body());
      System.out.printf(
          Locale.ROOT,
          "%d MiB uploaded in %.1f s; %s%n",
          Files.size(file) >> 20,
          uploaded - from,
          batch);
      String view = get("/v1/batches/" + batch);
      double said = since();
      while (!Stream.of("completed", "failed", "cancelled", "expired")
          .anyMatch(found(STATUS, view)::equals)) {
        Thread.sleep(500);
        turn(batch, since() - uploaded);
        view = get("/v1/batches/" + batch);
        if (since() - said > 30) {
          said = since();
          System.out.printf(
              Locale.ROOT, "%5.0f s  %s lines completed%n", said, found(COMPLETED, view));
        }
      }
      double took = since() - from;
      System.out.println(view);
      check(found(OUTPUT, view));
      return took;
    } finally {
      Files.delete(file);
    }
  }

  /** Pauses the batch or lets it go on, by the time since it was made. */
  private void turn(String batch, double second) throws IOException, InterruptedException {
    if (!plan.mode().equals("pauses")) {
      return;
    }
    boolean paused = (long) (second / PAUSE.toSeconds()) % 2 == 1;
    boolean settled = second % PAUSE.toSeconds() > SETTLED.toSeconds();
    if (!settled && paused == (turned != Part.ALONE)) {
      turned = paused ? Part.ALONE : Part.BESIDE;
      part = Part.NEITHER;
      ok(
          http.send(
              request("/v1/batches/" + batch + (paused ? "/pause" : "/resume"))
                  .POST(BodyPublishers.noBody())
                  .build(),
              BodyHandlers.ofString()));
    }
    part = settled ? turned : Part.NEITHER;
  }

  private void write(Path file) throws IOException {
    try (BufferedWriter lines = Files.newBufferedWriter(file)) {
      for (int n = 0; n < plan.lines(); n++) {
        lines.write(
            "{\"custom_id\":\"line-%d\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":%s}%n"
                .formatted(n, body(n, "")));
      }
    }
  }

  private HttpRequest upload(Path file) throws IOException {
    String boundary = "sluice-bench-boundary";
    BodyPublisher body =
        BodyPublishers.concat(
            BodyPublishers.ofString(
                "--%1$s\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--%1$s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"batch.jsonl\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                    .formatted(boundary)),
            BodyPublishers.ofFile(file),
            BodyPublishers.ofString("\r\n--%s--\r\n".formatted(boundary)));
    return request("/v1/files")
        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
        .POST(body)
        .build();
  }

  /** Every line has exactly one answer. */
  private void check(String output) throws IOException, InterruptedException {
    HttpResponse<Stream<String>> content =
        http.send(request("/v1/files/" + output + "/content").build(), BodyHandlers.ofLines());
    Pattern line = Pattern.compile("\"custom_id\"\\s*:\\s*\"line-(\\d+)\"");
    List<Integer> numbers =
        content
            .body()
            .map(line::matcher)
            .filter(Matcher::find)
            .map(it -> Integer.valueOf(it.group(1)))
            .toList();
    System.out.printf(
        "%d lines in the output, %d of them different%n",
        numbers.size(), numbers.stream().distinct().count());
  }

  /** The same lines as single jobs. Returns their seconds. */
  private double jobs() throws InterruptedException {
    double from = since();
    AtomicInteger next = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < JOBS_AT_ONCE; t++) {
      threads.add(Thread.ofVirtual().start(() -> jobs(next)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return since() - from;
  }

  private void jobs(AtomicInteger next) {
    for (int n = next.getAndIncrement(); n < plan.lines(); n = next.getAndIncrement()) {
      try {
        ok(
            http.send(
                request("/v1/jobs")
                    .header("Content-Type", "application/json")
                    .header("Prefer", "wait=60")
                    .POST(BodyPublishers.ofString(body(n, ",\"class\":\"batch\"")))
                    .build(),
                BodyHandlers.ofString()));
      } catch (IOException | RuntimeException e) {
        System.out.println("line " + n + ": " + e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void watch(Queue<Memory> memory, AtomicBoolean over) {
    try {
      double next = since();
      while (!over.get()) {
        if (since() >= next) {
          next += SAMPLE_EVERY.toSeconds();
          memory.add(new Memory(since(), resident(), live()));
        }
        Thread.sleep(200);
      }
      memory.add(new Memory(since(), resident(), live()));
    } catch (IOException | InterruptedException e) {
      System.out.println("the memory of the gateway: " + e);
    }
  }

  private double resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + plan.gateway() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
        .findFirst()
        .orElse(0);
  }

  /** What is left after a full collection, which stops the process for a moment each time. */
  private double live() throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                "" + plan.gateway(),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    jcmd.waitFor();
    Matcher live = LIVE.matcher(said);
    return live.find() ? Long.parseLong(live.group(1)) / 1048576.0 : 0;
  }

  private String get(String path) throws IOException, InterruptedException {
    return ok(http.send(request(path).build(), BodyHandlers.ofString())).body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(plan.sluice() + path))
        .timeout(LIMIT)
        .header("Authorization", "Bearer " + plan.key());
  }

  private static HttpResponse<String> ok(HttpResponse<String> answer) throws IOException {
    if (answer.statusCode() / 100 != 2) {
      throw new IOException(answer.statusCode() + " " + answer.body());
    }
    return answer;
  }

  private static String found(Pattern pattern, String text) throws IOException {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IOException("no " + pattern + " in " + text);
    }
    return matcher.group(1);
  }
}
