package io.sluice.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Fleet.Member;
import io.sluice.Fleet.Wish;
import io.sluice.Pool;
import io.sluice.WorkerReport;
import io.sluice.codec.Json;
import java.util.List;

/** A worker as administrators see it. */
final class WorkerView {
  private WorkerView() {}

  static ObjectNode of(Member member) {
    WorkerReport report = member.report();
    ObjectNode json =
        Json.object()
            .put("object", "worker")
            .put("id", report.id())
            .put("host", report.host())
            .put("version", report.version())
            .put("state", report.state().wireName())
            .put("slots", report.slots())
            .put("busy", report.busy())
            .put("jobs", report.jobs());
    pools(json.putArray("pools"), report.pools());
    ArrayNode engines = json.putArray("engines");
    for (WorkerReport.Engine engine : report.engines()) {
      ObjectNode one =
          engines
              .addObject()
              .put("name", engine.name())
              .put("slots", engine.slots())
              .put("busy", engine.busy());
      pools(one.putArray("ready"), engine.ready());
    }
    wish(json, member);
    return json.put("started_at", report.startedAt().toString())
        .put("seen_at", member.seenAt().toString());
  }

  private static void pools(ArrayNode array, List<Pool> pools) {
    pools.forEach(pool -> array.add(pool.toString()));
  }

  private static void wish(ObjectNode json, Member member) {
    json.putNull("wish").putNull("drain_within_seconds");
    member
        .wish()
        .ifPresent(
            wish -> {
              switch (wish) {
                case Wish.Serve serve -> json.put("wish", "serve");
                case Wish.Drain drain ->
                    json.put("wish", "drain")
                        .put("drain_within_seconds", drain.within().toSeconds());
              }
            });
  }
}
