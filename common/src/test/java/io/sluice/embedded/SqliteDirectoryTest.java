package io.sluice.embedded;

import io.sluice.Admission;
import io.sluice.Directory;
import io.sluice.DirectoryContract;
import io.sluice.Jobs;
import java.time.InstantSource;
import java.util.List;

class SqliteDirectoryTest extends DirectoryContract {
  @Override
  protected Fixture open() {
    return new Fixture() {
      private final TemporaryData data = TemporaryData.make();
      private final Embedded embedded =
          data.open(Admission.Bounds.DEFAULT, List.of(Jobs.POOL), InstantSource.system());
      private final EmbeddedDirectory elsewhere = Embedded.openDirectory(data.path());

      @Override
      public Directory directory() {
        return elsewhere;
      }

      @Override
      public Directory elsewhere() {
        return embedded.directory();
      }

      @Override
      public void close() {
        elsewhere.close();
        embedded.close();
        data.close();
      }
    };
  }
}
