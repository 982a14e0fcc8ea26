package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission.Decision;
import io.sluice.JobStore.Lookup;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which tenant gets which lane: the same on every store. */
public abstract class LeasedLanesContract {
  private static final int OWN = Lane.NUMBERS - Lane.SHARED;
  private StoreFixture store;

  protected abstract StoreFixture open(Admission.Bounds bounds);

  @BeforeEach
  void openStore() {
    store = open(Admission.Bounds.DEFAULT);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  protected final Job admitted(String tenant) {
    Job job = Jobs.chat().tenant(tenant).job();
    assertThat(await(store.admission().admit(job))).isInstanceOf(Decision.Admitted.class);
    return job;
  }

  protected final int lane(Job job) {
    return ticket(job).orElseThrow().lane();
  }

  protected final Optional<Ticket> ticket(Job job) {
    return ((Lookup.Found) await(store.store().find(job.id()))).record().ticket();
  }

  protected final void claim(Job job) {
    Leases.Request request =
        new Leases.Request(new JobMessage(job, 0), "w", UUID.randomUUID().toString(), false);
    assertThat(await(store.leases().claim(request))).isInstanceOf(Leases.Claim.Granted.class);
  }

  @Test
  void the_answer_and_the_record_name_the_same_lane() {
    Job job = Jobs.chat().tenant("a").job();
    Decision.Admitted admitted = (Decision.Admitted) await(store.admission().admit(job));
    Decision.Admitted again = (Decision.Admitted) await(store.admission().admit(job));
    assertThat(ticket(job)).contains(admitted.ticket());
    assertThat(again.ticket()).isEqualTo(admitted.ticket());
    assertThat(lane(admitted("a"))).isEqualTo(lane(job));
  }

  @Test
  void each_tenant_gets_the_lowest_lane_that_is_free() {
    Job first = admitted("a");
    Job second = admitted("b");
    assertThat(lane(first)).isZero();
    assertThat(lane(second)).isOne();
    claim(first);
    assertThat(lane(admitted("c"))).isZero();
    assertThat(lane(admitted("a"))).isEqualTo(2);
  }

  @Test
  void a_lane_is_kept_while_a_job_of_its_tenant_waits_there() {
    Job one = admitted("a");
    Job two = admitted("a");
    claim(one);
    assertThat(lane(admitted("b"))).isOne();
    await(store.store().cancel(two.id()));
    assertThat(lane(admitted("c"))).isZero();
  }

  @Test
  void a_tenant_comes_back_to_the_lane_that_it_had() {
    Job a = admitted("a");
    Job b = admitted("b");
    claim(b);
    claim(a);
    assertThat(lane(admitted("b"))).isOne();
  }

  @Test
  void the_classes_have_lanes_of_their_own() {
    admitted("a");
    Job batch = Jobs.chat().batch().tenant("b").job();
    await(store.admission().admit(batch));
    assertThat(lane(batch)).isZero();
  }

  @Test
  void where_all_are_leased_tenants_share() {
    for (int n = 0; n < OWN; n++) {
      assertThat(lane(admitted("t" + n))).isEqualTo(n);
    }
    assertThat(lane(admitted("late"))).isEqualTo(Lane.shared("late")).isGreaterThanOrEqualTo(OWN);
  }

  @Test
  void every_way_out_ends_the_lease() {
    Job undone = admitted("a");
    await(store.admission().undo(undone.id()));
    await(store.admission().undo(undone.id()));
    assertThat(lane(admitted("b"))).isZero();

    Job refunded = admitted("c");
    store.letPass(store.now().plusMillis(5));
    await(store.admission().refundUnpublished(Duration.ofMillis(1), 10));
    assertThat(lane(refunded)).as("the ticket stays").isOne();
    assertThat(lane(admitted("d"))).as("all were refunded").isZero();
  }
}
