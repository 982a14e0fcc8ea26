package io.sluice.gateway;

import io.sluice.Admission;
import io.sluice.AnswerCache;
import io.sluice.AuditLog;
import io.sluice.Backlog;
import io.sluice.Directory;
import io.sluice.Elections;
import io.sluice.FileStore;
import io.sluice.Fleet;
import io.sluice.Grants;
import io.sluice.HealthCheck;
import io.sluice.JobEvents;
import io.sluice.JobHistory;
import io.sluice.JobQueue;
import io.sluice.JobStore;
import io.sluice.LaneOrder;
import io.sluice.Recovery;
import io.sluice.Tenants;
import io.sluice.TextExtraction;
import io.sluice.TokenKeys;
import io.sluice.Webhooks;
import io.sluice.gateway.pipeline.PlainText;
import java.util.List;

/** The ports that the gateway stands on; all of one form, embedded or distributed. */
public record GatewayPorts(
    JobQueue queue,
    LaneOrder order,
    Admission admission,
    Backlog backlog,
    JobStore store,
    JobEvents events,
    JobHistory history,
    Webhooks webhooks,
    AnswerCache answers,
    Recovery recovery,
    Elections elections,
    Fleet fleet,
    Access access,
    AuditLog audit,
    FileStore files,
    TextExtraction extraction,
    List<HealthCheck> checks) {

  public GatewayPorts {
    checks = List.copyOf(checks);
  }

  /** Ports that know no documents but those that are text. */
  public GatewayPorts(
      JobQueue queue,
      LaneOrder order,
      Admission admission,
      Backlog backlog,
      JobStore store,
      JobEvents events,
      JobHistory history,
      Webhooks webhooks,
      AnswerCache answers,
      Recovery recovery,
      Elections elections,
      Fleet fleet,
      Access access,
      AuditLog audit,
      FileStore files,
      List<HealthCheck> checks) {
    this(
        queue,
        order,
        admission,
        backlog,
        store,
        events,
        history,
        webhooks,
        answers,
        recovery,
        elections,
        fleet,
        access,
        audit,
        files,
        new PlainText(),
        checks);
  }

  /** Who may come in. */
  public record Access(Directory keys, Tenants tenants, Grants grants, TokenKeys tokenKeys) {}

  /** The same ports with another queue. */
  GatewayPorts queue(JobQueue other) {
    return new GatewayPorts(
        other,
        order,
        admission,
        backlog,
        store,
        events,
        history,
        webhooks,
        answers,
        recovery,
        elections,
        fleet,
        access,
        audit,
        files,
        extraction,
        checks);
  }

  /** The same ports with another way to texts. */
  public GatewayPorts extraction(TextExtraction other) {
    return new GatewayPorts(
        queue, order, admission, backlog, store, events, history, webhooks, answers, recovery,
        elections, fleet, access, audit, files, other, checks);
  }

  /** The same ports with other checks. */
  public GatewayPorts checks(List<HealthCheck> other) {
    return new GatewayPorts(
        queue,
        order,
        admission,
        backlog,
        store,
        events,
        history,
        webhooks,
        answers,
        recovery,
        elections,
        fleet,
        access,
        audit,
        files,
        extraction,
        other);
  }
}
