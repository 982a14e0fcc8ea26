package io.sluice.cli.compose;

import io.sluice.AuditLog;
import io.sluice.Pool;
import io.sluice.cli.settings.AuditSettings;
import io.sluice.cli.settings.ConnectionSettings;
import io.sluice.cli.settings.EngineSettings;
import io.sluice.cli.settings.LimitSettings;
import io.sluice.cli.settings.ListenSettings;
import io.sluice.cli.settings.WorkerSettings;
import io.sluice.gateway.auth.AuthConfig;
import io.sluice.gateway.token.TokenConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a process is to run.
 *
 * @param brokers where the jobs are kept on other machines; in this process without them
 * @param data the folder of the jobs, where they are kept in this process
 * @param pools what is served; at least one
 */
public record Plan(
    ListenSettings listen,
    Path data,
    Optional<Brokers> brokers,
    List<Pool> pools,
    EngineSettings engine,
    WorkerSettings worker,
    LimitSettings limits,
    TokenConfig tokens,
    AuthConfig auth,
    Transport transport,
    AuditSettings audit,
    ConnectionSettings connections) {

  public Plan {
    pools = List.copyOf(pools);
  }

  /**
   * Without access tokens, with clients known by their sockets, over plain HTTP, and with the audit
   * log in the folder of the jobs.
   */
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
        worker,
        limits,
        TokenConfig.DEFAULT,
        AuthConfig.DEFAULT,
        Transport.PLAIN,
        AuditSettings.DEFAULT,
        ConnectionSettings.STANDARD);
  }

  /** The same plan with access tokens. */
  public Plan tokens(TokenConfig other) {
    return new Plan(
        listen,
        data,
        brokers,
        pools,
        engine,
        worker,
        limits,
        other,
        auth,
        transport,
        audit,
        connections);
  }

  /** The same plan with other rules on whom to believe. */
  public Plan auth(AuthConfig other) {
    return new Plan(
        listen,
        data,
        brokers,
        pools,
        engine,
        worker,
        limits,
        tokens,
        other,
        transport,
        audit,
        connections);
  }

  /** The same plan with other encryption. */
  public Plan transport(Transport other) {
    return new Plan(
        listen,
        data,
        brokers,
        pools,
        engine,
        worker,
        limits,
        tokens,
        auth,
        other,
        audit,
        connections);
  }

  /** The same plan with another audit log. */
  public Plan audit(AuditSettings other) {
    return new Plan(
        listen,
        data,
        brokers,
        pools,
        engine,
        worker,
        limits,
        tokens,
        auth,
        transport,
        other,
        connections);
  }

  /** The same plan with other bounds on what clients may hold open. */
  public Plan connections(ConnectionSettings other) {
    return new Plan(
        listen, data, brokers, pools, engine, worker, limits, tokens, auth, transport, audit,
        other);
  }

  /** Opens the ports that the plan asks for. */
  public Parts open(AuditLog trail) {
    return brokers.isPresent()
        ? DistributedParts.connect(brokers.get(), pools, limits.bounds(), trail)
        : EmbeddedParts.open(data, pools, limits.bounds(), trail);
  }
}
