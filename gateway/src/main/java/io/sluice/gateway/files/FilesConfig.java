package io.sluice.gateway.files;

/**
 * What clients may upload and keep.
 *
 * @param batchBytesMax of one file for a batch; defaults to 200 MiB
 * @param bytesMax of one file for anything else; defaults to 512 MiB
 * @param tenantBytesMax of all files of a tenant; defaults to 50 GiB
 * @param tenantFilesMax files of a tenant; defaults to 50,000
 * @param uploadsMax uploads at a time, each of which takes up some 300 KiB; defaults to 64
 * @param tenantUploadsMax of those of one tenant; defaults to 16
 */
public record FilesConfig(
    long batchBytesMax,
    long bytesMax,
    long tenantBytesMax,
    int tenantFilesMax,
    int uploadsMax,
    int tenantUploadsMax) {
  private static final long MIB = 1024L * 1024;

  public static final FilesConfig DEFAULT =
      new FilesConfig(200 * MIB, 512 * MIB, 50 * 1024 * MIB, 50_000, 64, 16);

  public FilesConfig {
    if (batchBytesMax < 1
        || bytesMax < 1
        || tenantBytesMax < 1
        || tenantFilesMax < 1
        || uploadsMax < 1
        || tenantUploadsMax < 1) {
      throw new IllegalArgumentException("every bound of files is at least 1");
    }
  }

  long bytesMax(Purpose purpose) {
    return purpose == Purpose.BATCH ? batchBytesMax : bytesMax;
  }

  long largest() {
    return Math.max(batchBytesMax, bytesMax);
  }
}
