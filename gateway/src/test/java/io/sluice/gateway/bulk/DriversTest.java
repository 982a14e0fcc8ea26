package io.sluice.gateway.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.Elections;
import io.sluice.FileStore;
import io.sluice.folder.DiskFileStore;
import io.sluice.gateway.bulk.Undertaking.Opened;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriversTest {
  @TempDir Path folder;
  private FileStore files;
  private final Offices offices = new Offices();
  private final Work work = new Work();
  private Drivers here;
  private Drivers there;

  @BeforeEach
  void open() {
    files = DiskFileStore.open(folder, InstantSource.system());
    here = new Drivers(work, files, offices, "here");
    there = new Drivers(work, files, offices, "there");
  }

  @AfterEach
  void stop() {
    here.stop();
    there.stop();
  }

  private static Opened opened(int number) {
    return new Opened("work_" + number, "tenant." + number % 2);
  }

  @Test
  void each_is_driven_once_and_then_no_longer_open() {
    IntStream.range(0, 5).forEach(n -> here.open(opened(n)));
    assertThat(here.all()).hasSize(5).contains(opened(3));
    work.release();
    here.start();
    there.start();

    await().until(() -> here.all().isEmpty());
    assertThat(work.driven).hasSize(5).doesNotHaveDuplicates();
  }

  @Test
  void one_that_fails_is_tried_again() {
    work.failures = 1;
    work.release();
    here.open(opened(1));
    here.start();

    await().until(() -> here.all().isEmpty());
    assertThat(work.driven).containsExactly(opened(1), opened(1));
  }

  @Test
  void what_a_gateway_lets_go_of_is_driven_by_another() {
    here.open(opened(1));
    here.start();
    await().until(() -> work.driven.size() == 1);

    here.stop();
    there.start();

    await().until(() -> work.driven.size() == 2);
    assertThat(there.all()).containsExactly(opened(1));
  }

  @Test
  void who_has_lost_an_office_lets_go() {
    here.open(opened(1));
    here.start();
    await().until(() -> work.driven.size() == 1);

    offices.holders.replaceAll((office, holder) -> "somebody");

    await().until(() -> work.letGo.contains(opened(1)));
    assertThat(here.all()).containsExactly(opened(1));
  }

  @Test
  void a_tenant_with_many_does_not_keep_another_from_its_first() {
    IntStream.range(0, 40).forEach(n -> here.open(new Opened("work_1%03d".formatted(n), "many")));
    here.open(new Opened("work_2", "other"));
    here.start();

    await().until(() -> work.driven.size() == Drivers.DRIVEN_MAX);
    assertThat(work.driven).contains(new Opened("work_2", "other"));
  }

  @Test
  void a_tenant_that_has_every_place_gives_way_with_its_newest_to_one_that_has_none() {
    IntStream.range(0, Drivers.DRIVEN_MAX)
        .forEach(n -> here.open(new Opened("work_1%03d".formatted(n), "many")));
    here.start();
    await().until(() -> work.driven.size() == Drivers.DRIVEN_MAX);

    here.open(new Opened("work_2", "other"));

    await().until(() -> work.driven.contains(new Opened("work_2", "other")));
    assertThat(work.letGo).containsExactly(new Opened("work_1015", "many"));
  }

  @Test
  void nobody_gives_way_to_what_another_gateway_drives() {
    offices.holders.put("work:work_2", "there");
    IntStream.range(0, Drivers.DRIVEN_MAX)
        .forEach(n -> here.open(new Opened("work_1%03d".formatted(n), "many")));
    here.open(new Opened("work_2", "other"));
    here.start();
    await().until(() -> work.driven.size() == Drivers.DRIVEN_MAX);

    await().until(() -> offices.refusals.get() > 1);
    assertThat(work.letGo).isEmpty();
  }

  /** Work that ends when a test says so. */
  private static final class Work implements Undertaking {
    private final ConcurrentLinkedQueue<Opened> driven = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Opened> letGo = new ConcurrentLinkedQueue<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile int failures;

    void release() {
      end.countDown();
    }

    @Override
    public String kind() {
      return "work";
    }

    @Override
    public void drive(Opened opened) throws InterruptedException {
      driven.add(opened);
      try {
        end.await();
      } catch (InterruptedException e) {
        letGo.add(opened);
        throw e;
      }
      if (driven.size() <= failures) {
        throw new IllegalStateException("for a test");
      }
    }
  }

  /** Offices that are kept until they are given up. */
  private static final class Offices implements Elections {
    private final Map<String, String> holders = new ConcurrentHashMap<>();
    private final AtomicInteger refusals = new AtomicInteger();

    @Override
    public Future<Boolean> stand(String office, String candidate, Duration term) {
      boolean held = holders.computeIfAbsent(office, free -> candidate).equals(candidate);
      refusals.addAndGet(held ? 0 : 1);
      return Future.succeededFuture(held);
    }

    @Override
    public Future<Void> resign(String office, String candidate) {
      holders.remove(office, candidate);
      return Future.succeededFuture();
    }
  }

  @Test
  void ids_and_tenants_are_told_apart_whatever_tenants_are_called() {
    List<Opened> all = List.of(new Opened("work_1", "a.b-c_d"), new Opened("work_2", "1.2"));
    all.forEach(here::open);
    assertThat(here.all()).isEqualTo(all);
  }
}
