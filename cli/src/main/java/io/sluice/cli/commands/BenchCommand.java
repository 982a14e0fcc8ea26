package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.ApiKey;
import io.sluice.Pool;
import io.sluice.auth.ApiKeys;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.client.Api;
import io.sluice.cli.client.Jobs;
import io.sluice.cli.compose.Broker;
import io.sluice.cli.compose.Brokers;
import io.sluice.cli.compose.FirstKey;
import io.sluice.cli.compose.Plan;
import io.sluice.cli.settings.AmqpSettings;
import io.sluice.cli.settings.ClientSettings;
import io.sluice.cli.settings.DataSettings;
import io.sluice.cli.settings.EngineSettings;
import io.sluice.cli.settings.LimitSettings;
import io.sluice.cli.settings.ListenSettings;
import io.sluice.cli.settings.LogSettings;
import io.sluice.cli.settings.ModelSettings;
import io.sluice.cli.settings.RedisSettings;
import io.sluice.cli.settings.Secret;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.settings.WorkerSettings;
import io.sluice.cli.terminal.Console;
import io.sluice.cli.terminal.StopSignal;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import io.sluice.enginesim.SimModel;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how many jobs go through. */
@Command(
    name = "bench",
    header = "Measures how many jobs go through, and that each has exactly one result.",
    description =
        "Against --server or SLUICE_URL if that is set; else against a Sluice of its own, with a"
            + " simulated engine that takes no time: in one process, or on RabbitMQ and Redis where"
            + " SLUICE_AMQP_URL and SLUICE_REDIS_URL are set.")
public final class BenchCommand extends Configured {
  private static final Pool STANDARD = Pool.parse("qwen3:14b");

  @Option(names = "--jobs", paramLabel = "N", description = "how many jobs, else 1000")
  private int count = 1_000;

  @Option(names = "--tokens", paramLabel = "M", description = "tokens of each answer, else 16")
  private int tokens = 16;

  @Option(
      names = "--concurrency",
      paramLabel = "C",
      description = "requests under way at the same time, else 64")
  private int atOnce = 64;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description = "slots of the simulated engine, else 32")
  private int slots = 32;

  public BenchCommand(Console console) {
    super(
        console,
        List.of(
            ClientSettings.class,
            DataSettings.class,
            ModelSettings.class,
            AmqpSettings.class,
            RedisSettings.class,
            LimitSettings.class));
  }

  @Override
  Exit run(Settings settings) throws IOException {
    if (count < 1 || count > 1_000_000 || tokens < 1 || atOnce < 1 || atOnce > 1_024 || slots < 1) {
      throw new Refusal(
          Exit.USAGE, "--jobs is 1 to 1000000, --tokens at least 1, --concurrency 1 to 1024");
    }
    if (settings.given("--server")) {
      URI server = settings.get(ClientSettings.class).server();
      return measure(
          Clients.jobs(console(), settings), ServedModel.of(settings), server.toString());
    }
    return ofItsOwn(settings);
  }

  private Exit ofItsOwn(Settings settings) throws IOException {
    Optional<Brokers> brokers = Serving.brokers(settings);
    List<Pool> named = settings.get(ModelSettings.class).models();
    Pool pool = named.stream().findFirst().orElse(STANDARD);
    LogSettings.standard(LogSettings.Level.ERROR);
    try (Folder folder = Folder.of(Optional.empty());
        EngineSim sim =
            EngineSim.start(
                SimConfig.DEFAULT
                    .models(SimModel.named(pool.model()))
                    .slots(slots)
                    .answerTokens(tokens));
        Broker broker = Broker.open(plan(settings, brokers, folder.path(), pool, sim))) {
      URI url = Serving.serve(broker, new ListenSettings("127.0.0.1", 0));
      broker.work();
      Serving.awaitReady(broker, StopSignal.never());
      ApiKeys.Generated key = ApiKeys.generate(FirstKey.TENANT, ApiKey.ALL_SCOPES, Instant.now());
      broker.add(key.key());
      Jobs jobs =
          new Jobs(new Api(url, Optional.of(new Secret(key.text()))), InstantSource.system());
      Exit exit = measure(jobs, pool.model(), broker.form());
      broker.revoke(key.key().id());
      console()
          .out()
          .printf(
              "  engine      at most %d of %d slots in use, %d loads%n",
              sim.stats().openMax(), slots, sim.stats().loads());
      return sim.stats().openMax() > slots ? Exit.NOT_COMPLETED : exit;
    }
  }

  private Plan plan(
      Settings settings, Optional<Brokers> brokers, Path data, Pool pool, EngineSim sim) {
    return new Plan(
        new ListenSettings("127.0.0.1", 0),
        data,
        brokers,
        List.of(pool),
        new EngineSettings(sim.uri(), EngineSettings.Kind.OLLAMA, slots),
        new WorkerSettings(Duration.ZERO, Optional.empty()),
        settings.get(LimitSettings.class));
  }

  private Exit measure(Jobs jobs, String model, String where) {
    PrintStream out = console().out();
    out.printf("%,d jobs of %d tokens, %d at a time, %s%n", count, tokens, atOnce, where);
    Load.Result result = new Load(jobs, model, count, tokens, atOnce).run();
    rate("submitted", result.submitting());
    rate("finished", result.all());
    percentiles("waited", result.ended(), "created_at", "started_at");
    percentiles("ran", result.ended(), "started_at", "ended_at");
    percentiles("in all", result.ended(), "created_at", "ended_at");
    result.wrong().stream().limit(10).forEach(text -> out.println("  wrong       " + text));
    int right = count - Math.min(count, result.wrong().size());
    out.printf("  verified    %,d of %,d jobs have exactly one result%n", right, count);
    return result.wrong().isEmpty() ? Exit.OK : Exit.NOT_COMPLETED;
  }

  private void rate(String name, Duration time) {
    double seconds = time.toMillis() / 1000.0;
    console()
        .out()
        .printf("  %-11s %.1f s, %,.0f jobs/s%n", name, seconds, count / Math.max(seconds, 0.001));
  }

  private void percentiles(String name, List<JsonNode> jobs, String from, String to) {
    long[] millis =
        jobs.stream()
            .filter(job -> job.path(from).isTextual() && job.path(to).isTextual())
            .mapToLong(job -> instant(job, to).toEpochMilli() - instant(job, from).toEpochMilli())
            .sorted()
            .toArray();
    if (millis.length > 0) {
      console()
          .out()
          .printf(
              "  %-11s p50 %,d ms, p90 %,d ms, p99 %,d ms, longest %,d ms%n",
              name,
              millis[(int) (millis.length * 0.5)],
              millis[(int) (millis.length * 0.9)],
              millis[(int) (millis.length * 0.99)],
              millis[millis.length - 1]);
    }
  }

  private static Instant instant(JsonNode job, String field) {
    return Instant.parse(job.path(field).asText());
  }
}
