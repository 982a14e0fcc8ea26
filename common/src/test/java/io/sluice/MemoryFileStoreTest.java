package io.sluice;

/** The fake keeps what the real ones do. */
class MemoryFileStoreTest extends FileStoreContract {
  private final MemoryFileStore files = new MemoryFileStore();

  @Override
  protected FileStore open() {
    return files;
  }
}
