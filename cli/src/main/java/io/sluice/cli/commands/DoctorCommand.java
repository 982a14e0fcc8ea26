package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.compose.EngineCheck;
import io.sluice.cli.compose.Hosts;
import io.sluice.cli.compose.RabbitCheck;
import io.sluice.cli.compose.RedisCheck;
import io.sluice.cli.compose.ServerAddress;
import io.sluice.cli.doctor.CertificateCheck;
import io.sluice.cli.doctor.Check;
import io.sluice.cli.doctor.Doctor;
import io.sluice.cli.doctor.Finding;
import io.sluice.cli.doctor.JavaCheck;
import io.sluice.cli.doctor.OpenEngine;
import io.sluice.cli.doctor.OpenEngineCheck;
import io.sluice.cli.settings.AmqpSettings;
import io.sluice.cli.settings.Declared;
import io.sluice.cli.settings.EngineSettings;
import io.sluice.cli.settings.EngineTlsSettings;
import io.sluice.cli.settings.ListenSettings;
import io.sluice.cli.settings.LogSettings;
import io.sluice.cli.settings.RedisSettings;
import io.sluice.cli.settings.Settings;
import io.sluice.cli.settings.TlsSettings;
import io.sluice.cli.terminal.Console;
import io.sluice.codec.Json;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One look at everything. */
@Command(
    name = "doctor",
    header = "Looks at this machine's settings and at the servers that they name.",
    description =
        "Says of each whether it is ok, a warning or failed, and what to do. Ends with 0 when"
            + " nothing failed, and with 1 otherwise. It does not look at the data folder, the audit"
            + " log, the files of secrets nor whether the port is free: up says what is wrong there.")
public final class DoctorCommand extends Configured {
  private static final Duration DEADLINE = Duration.ofSeconds(3);

  @Option(names = "--json", description = "print the findings as a JSON array")
  private boolean json;

  private final Supplier<OpenEngine> open;
  private final Duration deadline;

  public DoctorCommand(Console console) {
    this(console, OpenEngine::here, DEADLINE);
  }

  DoctorCommand(Console console, Supplier<OpenEngine> open, Duration deadline) {
    super(console, Serving.GROUPS);
    this.deadline = deadline;
    this.open = open;
  }

  @Override
  Exit run(Settings settings) throws InterruptedException {
    LogSettings.standard(LogSettings.Level.OFF);
    List<Finding> found = new ArrayList<>();
    found.add(Finding.ok("settings", given(settings)));
    found.addAll(new Doctor(deadline).examine(checks(settings, found)));
    return tell(found);
  }

  @Override
  Exit unreadable(Refusal problems) {
    return tell(
        problems
            .getMessage()
            .lines()
            .map(line -> Finding.failed("settings", line, "see docs/settings.md"))
            .toList());
  }

  private List<Check> checks(Settings settings, List<Finding> found) {
    EngineTlsSettings engineTls = settings.get(EngineTlsSettings.class);
    ListenSettings listen = settings.get(ListenSettings.class);
    List<Check> checks = new ArrayList<>();
    checks.add(new JavaCheck(Runtime.version()));
    checks.add(
        new CertificateCheck(
            settings.get(TlsSettings.class).files(), Hosts.of(listen.host()), Instant.now()));
    AmqpSettings amqp = settings.get(AmqpSettings.class);
    RedisSettings redis = settings.get(RedisSettings.class);
    amqp.amqpUrl()
        .ifPresent(
            url ->
                add(
                    checks,
                    found,
                    "rabbitmq",
                    () -> new RabbitCheck(new ServerAddress(url.uri(), amqp.tls()))));
    redis
        .redisUrl()
        .ifPresent(
            url ->
                add(
                    checks,
                    found,
                    "redis",
                    () -> new RedisCheck(new ServerAddress(url.uri(), redis.tls()))));
    EngineSettings engines = settings.get(EngineSettings.class);
    for (URI engine : engines.urls()) {
      add(
          checks,
          found,
          "engine",
          () -> new EngineCheck(engine, engines, engineTls.tls(), deadline));
      checks.add(new OpenEngineCheck(engine, open.get()));
    }
    return checks;
  }

  /** Adds a check, or says which of its files is wrong. */
  private static void add(
      List<Check> checks, List<Finding> found, String about, Supplier<Check> check) {
    try {
      checks.add(check.get());
    } catch (Refusal e) {
      found.add(Finding.failed(about, e.getMessage(), "correct the file or the setting"));
    }
  }

  private static String given(Settings settings) {
    String names =
        Declared.all()
            .map(one -> one.setting())
            .filter(setting -> settings.given(setting.flag()))
            .map(setting -> setting.variable())
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "none is set, all are at their defaults" : "set: " + names;
  }

  private Exit tell(List<Finding> found) {
    if (json) {
      ArrayNode all = Json.MAPPER.createArrayNode();
      found.forEach(one -> all.add(one.json()));
      console().out().println(Json.write(all));
    } else {
      found.forEach(this::line);
    }
    boolean failed = found.stream().anyMatch(one -> one.verdict() == Finding.Verdict.FAILED);
    return failed ? Exit.NOT_COMPLETED : Exit.OK;
  }

  private void line(Finding finding) {
    console()
        .out()
        .printf(
            "%-8s %-14s %s%n",
            finding.verdict().wireName(), finding.about(), Console.harmless(finding.sentence()));
    if (!finding.advice().isEmpty()) {
      console().out().printf("%-8s %-14s -> %s%n", "", "", Console.harmless(finding.advice()));
    }
  }
}
