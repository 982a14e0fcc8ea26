package io.sluice.chaos;

import io.sluice.Admission;
import io.sluice.Await;
import io.sluice.Job;
import io.sluice.JobMessage;
import io.sluice.JobQueue;
import io.sluice.Lane;
import io.sluice.LaneOrder;
import io.sluice.Pool;
import io.sluice.Unavailable;
import io.sluice.rabbitmq.Rabbit;
import io.sluice.redis.Redis;
import io.sluice.tls.ClientTls;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;

/** Leaves jobs in their lanes past every gateway, as one of another version would. */
final class OldMessages implements AutoCloseable {
  private static final Duration CONNECTED = Duration.ofSeconds(60);

  private final Rabbit rabbit;
  private final Redis redis;

  OldMessages(Cluster cluster, List<Pool> pools) {
    rabbit = Rabbit.connect(cluster.rabbit.uri(), ClientTls.DEFAULT, pools);
    redis = Redis.connect(cluster.redis.uri(), Admission.Bounds.DEFAULT);
  }

  /** Returns when it lies there and workers were told. */
  void leave(Job job) {
    Lane lane = Lane.home(job, Optional.empty());
    JobMessage message = new JobMessage(job, 0);
    Awaitility.await("a confirm")
        .atMost(CONNECTED)
        .ignoreException(Unavailable.class)
        .until(
            () -> Await.await(rabbit.queue().publish(lane, message)) == JobQueue.Publish.CONFIRMED);
    Awaitility.await("an offer")
        .atMost(CONNECTED)
        .ignoreException(Unavailable.class)
        .until(
            () -> {
              Await.await(redis.laneOrder().offered(lane, LaneOrder.Share.UNKNOWN));
              return true;
            });
  }

  @Override
  public void close() {
    rabbit.close();
    redis.close();
  }
}
