package io.sluice.gateway;

import io.sluice.JobEvent;
import io.sluice.JobId;
import io.sluice.LoggedEvent;
import io.sluice.Position;
import io.sluice.Subscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The logs of all jobs in memory, and who watches them. Guarded by the store. */
final class MemoryLog {
  private final Map<JobId, List<LoggedEvent>> logs = new HashMap<>();
  private final Map<JobId, Set<Runnable>> watchers = new ConcurrentHashMap<>();

  /** How many events readers took out. */
  final AtomicInteger eventsRead = new AtomicInteger();

  void add(JobId id, Position position, JobEvent event) {
    logs.computeIfAbsent(id, first -> new ArrayList<>()).add(new LoggedEvent(position, event));
    wake(id);
  }

  List<LoggedEvent> read(JobId id, Position after, int limit) {
    List<LoggedEvent> page =
        logs.getOrDefault(id, List.of()).stream()
            .filter(logged -> logged.position().compareTo(after) > 0)
            .limit(limit)
            .toList();
    eventsRead.addAndGet(page.size());
    return page;
  }

  void clear() {
    logs.clear();
  }

  Subscription watch(JobId id, Runnable wake) {
    Set<Runnable> own = watchers.computeIfAbsent(id, first -> ConcurrentHashMap.newKeySet());
    own.add(wake);
    return () -> own.remove(wake);
  }

  void wake(JobId id) {
    watchers.getOrDefault(id, Set.of()).forEach(Runnable::run);
  }

  int watching() {
    return watchers.values().stream().mapToInt(Set::size).sum();
  }
}
