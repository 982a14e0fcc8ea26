package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.Admission.Level;
import io.sluice.Admission.Standing;
import io.sluice.Admission.Verdict;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.Limit;
import io.sluice.Limits;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One job held against its limits, inside the transaction that admits it. */
final class Assessment {
  /** How soon places come free is not known here. */
  private static final Duration PLACE_RETRY = Duration.ofSeconds(5);

  private final Sql sql;
  private final Job job;
  private final Limits limits;
  private final Squeeze squeeze;
  private final long now;
  private final List<Look> looks = new ArrayList<>();

  Assessment(Sql sql, Job job, Limits limits, Squeeze squeeze, long now) throws SQLException {
    this(sql, job, limits, squeeze, now, false);
  }

  /** Of a job whose answer is known: it asks for no tokens, no place and no turn. */
  static Assessment ofAnswered(Sql sql, Job job, Limits limits, long now) throws SQLException {
    return new Assessment(sql, job, limits, Squeeze.NONE, now, true);
  }

  private Assessment(Sql sql, Job job, Limits limits, Squeeze squeeze, long now, boolean answered)
      throws SQLException {
    this.sql = sql;
    this.job = job;
    this.limits = limits;
    this.squeeze = squeeze;
    this.now = now;
    for (Map.Entry<Limit, Long> one : new TreeMap<>(limits.bounds()).entrySet()) {
      if (!answered || one.getKey().window().toSeconds() > 1) {
        look(one.getKey(), one.getValue(), answered).ifPresent(looks::add);
      }
    }
  }

  /** How a job stands with one limit. */
  private record Look(
      Limit limit,
      long bound,
      long cost,
      long used,
      boolean fits,
      Optional<Duration> retryAfter,
      Duration reset) {}

  boolean refuses() {
    return looks.stream().anyMatch(look -> verdict(look) == Verdict.EXCEEDED);
  }

  /** Charges the row of the job, which was made since. */
  void charge(JobRow row) throws SQLException {
    for (Look look : looks) {
      if (look.fits() && look.limit().window().toSeconds() > 1) {
        spent(look.limit()).charge(row.n, look.cost(), look.limit().unit());
      } else if (look.fits() && !look.limit().window().isZero()) {
        smoothing().take(row.n, look.bound());
      }
    }
  }

  /** The answer; the levels count the job itself if it is admitted. */
  Standing standing() throws SQLException {
    boolean admitted = !refuses();
    List<Level> levels = looks.stream().map(look -> level(look, admitted)).toList();
    Duration delay = Duration.ZERO;
    for (Look look : looks) {
      if (admitted && look.fits() && look.limit() == Limit.SESSION_REQUESTS_PER_SECOND) {
        delay = look.reset();
      }
    }
    return new Standing(levels, enforced(delay), squeeze.pressure());
  }

  /** In shadow mode a job takes its turn as well, but does not wait for it. */
  private Duration enforced(Duration delay) {
    boolean shadow = limits.shadow().contains(Limit.SESSION_REQUESTS_PER_SECOND);
    return shadow ? Duration.ZERO : delay;
  }

  /** The same answer for a job that was admitted before: it is in what is used already. */
  Standing standingOf(JobRow row) throws SQLException {
    List<Level> levels = looks.stream().map(Assessment::counted).toList();
    return new Standing(levels, enforced(smoothing().turnOf(row.n)), squeeze.pressure());
  }

  private static Level counted(Look look) {
    return new Level(
        look.limit(),
        look.bound(),
        Math.max(0, look.bound() - look.used()),
        look.reset(),
        Verdict.WITHIN,
        Optional.of(Duration.ZERO));
  }

  private Level level(Look look, boolean admitted) {
    long charged = admitted && look.fits() ? look.cost() : 0;
    long remaining = Math.max(0, look.bound() - look.used() - charged);
    return new Level(
        look.limit(), look.bound(), remaining, look.reset(), verdict(look), look.retryAfter());
  }

  private Verdict verdict(Look look) {
    if (look.fits()) {
      return Verdict.WITHIN;
    }
    return limits.shadow().contains(look.limit()) ? Verdict.SHADOWED : Verdict.EXCEEDED;
  }

  private Optional<Look> look(Limit limit, long bound, boolean answered) throws SQLException {
    if (limit.scope() == Limit.Scope.SESSION && job.session().isEmpty()) {
      return Optional.empty();
    }
    long tokens = answered ? 0 : job.tokensAtMost();
    long cost = limit.unit() == Limit.Unit.TOKENS ? tokens : 1;
    return switch (limit) {
      case TENANT_RUNNING_JOBS -> Optional.empty();
      case WAITING_JOBS -> Optional.of(place(limit, bound, cost, Places.jobs(sql)));
      case TENANT_WAITING_JOBS ->
          Optional.of(tenantsPlace(limit, bound, cost, Places.jobs(sql, job.tenant())));
      case TENANT_WAITING_TOKENS ->
          Optional.of(tenantsPlace(limit, bound, cost, Places.tokens(sql, job.tenant())));
      case SESSION_REQUESTS_PER_SECOND -> Optional.of(smoothed(bound));
      default -> Optional.of(overTime(limit, squeeze.overTime(limit, bound, cost), cost));
    };
  }

  private static Look place(Limit limit, long bound, long cost, long used) {
    boolean fits = used + cost <= bound;
    Optional<Duration> wait =
        fits ? Optional.of(Duration.ZERO) : Optional.of(PLACE_RETRY).filter(later -> cost <= bound);
    return new Look(limit, bound, cost, used, fits, wait, PLACE_RETRY);
  }

  /** Under pressure an interactive job is also held against those that wait in its pool. */
  private Look tenantsPlace(Limit limit, long bound, long cost, long used) {
    Look plain = place(limit, bound, cost, used);
    if (!plain.fits() || !squeeze.isFelt() || job.jobClass() != JobClass.INTERACTIVE) {
      return plain;
    }
    long tight = squeeze.waiting(limit, bound, cost);
    long waiting = squeeze.waiting(limit);
    boolean fits = waiting + cost <= tight;
    Duration wait = fits ? Duration.ZERO : squeeze.untilStarted(limit, waiting + cost - tight);
    return new Look(limit, tight, cost, waiting, fits, Optional.of(wait), PLACE_RETRY);
  }

  private Look overTime(Limit limit, long bound, long cost) throws SQLException {
    Spent spent = spent(limit);
    long used = spent.sum();
    boolean fits = used + cost <= bound;
    Optional<Duration> wait =
        fits
            ? Optional.of(Duration.ZERO)
            : cost > bound ? Optional.empty() : Optional.of(spent.untilFits(cost, bound));
    return new Look(limit, bound, cost, used, fits, wait, spent.untilEmpty());
  }

  private Look smoothed(long bound) throws SQLException {
    Duration behind = smoothing().behind();
    Duration over = behind.minus(Admission.SMOOTHING_MAX);
    boolean fits = !over.isPositive();
    return new Look(
        Limit.SESSION_REQUESTS_PER_SECOND,
        bound,
        1,
        smoothing().ahead(bound),
        fits,
        Optional.of(fits ? Duration.ZERO : over),
        behind);
  }

  private Spent spent(Limit limit) {
    return Spent.of(sql, limit, whose(limit.scope()), now);
  }

  private Smoothing smoothing() {
    return new Smoothing(sql, whose(Limit.Scope.SESSION), now);
  }

  /** The lengths keep apart what separators in a name would join. */
  private String whose(Limit.Scope scope) {
    String tenant = job.tenant().length() + ":" + job.tenant();
    String principal = tenant + " " + job.principal().length() + ":" + job.principal();
    return switch (scope) {
      case EVERYBODY -> "";
      case TENANT -> tenant;
      case PRINCIPAL -> principal;
      case SESSION -> principal + " " + job.session().orElse("");
    };
  }
}
