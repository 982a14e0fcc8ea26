package io.sluice.bench.schedule;

import io.sluice.JobClass;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * Where jobs come from: one tenant's jobs of one class.
 *
 * @param load its work as a share of what all slots can do; Poisson arrivals. Infinite: all its
 *     jobs are there at the start
 * @param weight of the tenant
 * @param bias see {@link SimJob}
 */
record Source(
    String tenant, JobClass jobClass, double load, int weight, Lengths lengths, double bias) {
  static Source of(String tenant, double load) {
    return new Source(tenant, JobClass.INTERACTIVE, load, 1, Lengths.CHAT, 1);
  }

  /** One that never runs dry. */
  static Source backlog(String tenant) {
    return of(tenant, Double.POSITIVE_INFINITY);
  }

  Source jobClass(JobClass other) {
    return new Source(tenant, other, load, weight, lengths, bias);
  }

  Source weight(int other) {
    return new Source(tenant, jobClass, load, other, lengths, bias);
  }

  Source lengths(Lengths other) {
    return new Source(tenant, jobClass, load, weight, other, bias);
  }

  Source bias(double other) {
    return new Source(tenant, jobClass, load, weight, lengths, other);
  }

  /** The jobs of these sources up to a time, in the order of their arrival. */
  static List<SimJob> trace(List<Source> sources, long untilMs, long seed) {
    List<SimJob> jobs = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      jobs.addAll(sources.get(i).jobs(untilMs, new Random(seed * 1_000 + i)));
    }
    jobs.sort(Comparator.comparingLong(SimJob::arrivesMs));
    List<SimJob> numbered = new ArrayList<>();
    for (SimJob job : jobs) {
      numbered.add(
          new SimJob(
              numbered.size(),
              job.arrivesMs(),
              job.tenant(),
              job.jobClass(),
              job.promptTokens(),
              job.outputTokens(),
              job.bias()));
    }
    return numbered;
  }

  private List<SimJob> jobs(long untilMs, Random random) {
    // An infinite load has no gaps; twice what all slots could do is then enough.
    double gapMs = lengths.serviceMs() / Simulation.SLOTS_IN_ALL / load;
    double most = 2 * untilMs * Simulation.SLOTS_IN_ALL / lengths.serviceMs();
    List<SimJob> jobs = new ArrayList<>();
    double at = 0;
    while (at < untilMs && (gapMs > 0 || jobs.size() < most)) {
      at += -Math.log(1 - random.nextDouble()) * gapMs;
      jobs.add(
          new SimJob(
              0,
              (long) at,
              tenant,
              jobClass,
              lengths.prompt(random),
              lengths.output(random),
              bias));
    }
    return jobs;
  }
}
