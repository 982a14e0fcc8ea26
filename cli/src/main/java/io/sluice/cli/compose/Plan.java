package io.sluice.cli.compose;

import io.sluice.AuditLog;
import io.sluice.Pool;
import io.sluice.cli.settings.AuditSettings;
import io.sluice.cli.settings.BatchSettings;
import io.sluice.cli.settings.ConnectionSettings;
import io.sluice.cli.settings.DocumentSettings;
import io.sluice.cli.settings.EngineSettings;
import io.sluice.cli.settings.FileSettings;
import io.sluice.cli.settings.LimitSettings;
import io.sluice.cli.settings.ListenSettings;
import io.sluice.cli.settings.MemorySettings;
import io.sluice.cli.settings.WorkerSettings;
import io.sluice.gateway.auth.AuthConfig;
import io.sluice.gateway.cache.CacheConfig;
import io.sluice.gateway.token.TokenConfig;
import io.sluice.gateway.webhook.WebhookConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a process is to run.
 *
 * @param brokers where the jobs are kept on other machines; in this process without them
 * @param data the folder of the jobs, where they are kept in this process
 * @param pools what is served; at least one
 * @param memory what the engines have
 */
public record Plan(
    ListenSettings listen,
    Path data,
    Optional<Brokers> brokers,
    List<Pool> pools,
    EngineSettings engine,
    MemorySettings memory,
    WorkerSettings worker,
    LimitSettings limits,
    Guards guards,
    CacheConfig cache,
    FileSettings files,
    BatchSettings batches,
    DocumentSettings documents) {

  public Plan {
    pools = List.copyOf(pools);
  }

  /** With the standard guards, and engines of whose memory nothing is known. */
  public Plan(
      ListenSettings listen,
      Path data,
      Optional<Brokers> brokers,
      List<Pool> pools,
      EngineSettings engine,
      WorkerSettings worker,
      LimitSettings limits) {
    this(
        listen,
        data,
        brokers,
        pools,
        engine,
        MemorySettings.DEFAULT,
        worker,
        limits,
        Guards.STANDARD,
        CacheConfig.DEFAULT,
        FileSettings.DEFAULT,
        BatchSettings.STANDARD,
        DocumentSettings.STANDARD);
  }

  private Plan guards(Guards other) {
    return new Plan(
        listen, data, brokers, pools, engine, memory, worker, limits, other, cache, files, batches,
        documents);
  }

  /** The same plan with engines of whose memory this is known. */
  public Plan memory(MemorySettings other) {
    return new Plan(
        listen, data, brokers, pools, engine, other, worker, limits, guards, cache, files, batches,
        documents);
  }

  /** The same plan with other terms for what is answered without a run. */
  public Plan cache(CacheConfig other) {
    return new Plan(
        listen, data, brokers, pools, engine, memory, worker, limits, guards, other, files, batches,
        documents);
  }

  /** The same plan with files elsewhere. */
  public Plan files(FileSettings other) {
    return new Plan(
        listen, data, brokers, pools, engine, memory, worker, limits, guards, cache, other, batches,
        documents);
  }

  /** The same plan with other bounds on batches. */
  public Plan batches(BatchSettings other) {
    return new Plan(
        listen, data, brokers, pools, engine, memory, worker, limits, guards, cache, files, other,
        documents);
  }

  /** The same plan with other bounds on documents. */
  public Plan documents(DocumentSettings other) {
    return new Plan(
        listen, data, brokers, pools, engine, memory, worker, limits, guards, cache, files, batches,
        other);
  }

  /** The same plan with access tokens. */
  public Plan tokens(TokenConfig other) {
    return guards(guards.tokens(other));
  }

  /** The same plan with other rules on whom to believe. */
  public Plan auth(AuthConfig other) {
    return guards(guards.auth(other));
  }

  /** The same plan with other encryption. */
  public Plan transport(Transport other) {
    return guards(guards.transport(other));
  }

  /** The same plan with another audit log. */
  public Plan audit(AuditSettings other) {
    return guards(guards.audit(other));
  }

  /** The same plan with webhooks that may lead elsewhere. */
  public Plan webhooks(WebhookConfig other) {
    return guards(guards.webhooks(other));
  }

  /** The same plan with other bounds on what clients may hold open. */
  public Plan connections(ConnectionSettings other) {
    return guards(guards.connections(other));
  }

  /** Opens the ports that the plan asks for. */
  public Parts open(AuditLog trail) {
    return brokers.isPresent()
        ? DistributedParts.connect(brokers.get(), pools, limits.bounds(), trail)
        : EmbeddedParts.open(data, pools, limits.bounds(), trail);
  }
}
