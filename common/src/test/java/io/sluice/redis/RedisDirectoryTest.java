package io.sluice.redis;

import io.sluice.Admission;
import io.sluice.Directory;
import io.sluice.DirectoryContract;

class RedisDirectoryTest extends DirectoryContract {
  @Override
  protected Fixture open() {
    RedisFixture here = RedisFixture.open(Admission.Bounds.DEFAULT);
    Redis elsewhere = Redis.connect(here.server().uri(), Admission.Bounds.DEFAULT);
    return new Fixture() {
      @Override
      public Directory directory() {
        return here.redis.directory();
      }

      @Override
      public Directory elsewhere() {
        return elsewhere.directory();
      }

      @Override
      public void close() {
        elsewhere.close();
        here.close();
      }
    };
  }
}
