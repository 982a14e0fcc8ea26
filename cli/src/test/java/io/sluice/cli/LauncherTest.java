package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher script, in a checkout of its own with a Maven and JDKs that only tell of their use.
 */
class LauncherTest {
  @TempDir Path temp;
  private Path root;
  private Path bin;

  @BeforeEach
  void checkout() throws IOException {
    root = Files.createDirectories(temp.resolve("a checkout"));
    bin = Files.createDirectories(temp.resolve("bin"));
    Files.copy(Path.of("..", "sluice"), root.resolve("sluice"));
    executable(root.resolve("sluice"));
    for (String module : List.of("common", "gateway", "worker", "cli")) {
      Files.createDirectories(root.resolve(module + "/src/main"));
      Files.writeString(root.resolve(module + "/pom.xml"), "");
    }
    Files.writeString(root.resolve("pom.xml"), "");
    script(
        bin.resolve("mvn"),
        "echo \"mvn $* with $JAVA_HOME in $PWD\"",
        "[ -z \"$FAIL\" ] || exit 1",
        "mkdir -p cli/target && echo jar > cli/target/sluice.jar",
        "echo built >> cli/target/builds");
  }

  @Test
  void builds_once_and_again_only_when_a_source_is_newer() throws Exception {
    Path jdk = jdk("jdk-25", "25.0.1");
    assertThat(sluice(jdk, "--help").out).contains("java25", "--help");
    sluice(jdk, "--help");
    assertThat(builds()).isEqualTo(1);
    Path source = Files.writeString(root.resolve("worker/src/main/New.java"), "");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    sluice(jdk, "--help");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void takes_the_newest_jdk_where_java_home_is_too_old() throws Exception {
    String jdks = jdk("17", "17.0.1") + "\n" + jdk("21", "21.0.9") + "\n" + jdk("25", "25");
    Ran ran = sluice(jdk("old", "17.0.2"), jdks, root.resolve("sluice"), "up");
    assertThat(ran.out).contains("java25").doesNotContain("java17", "java21");
  }

  @Test
  void takes_java_home_where_that_is_new_enough() throws Exception {
    Ran ran = sluice(jdk("21", "21.0.9"), jdk("25", "25").toString(), root.resolve("sluice"), "up");
    assertThat(ran.out).contains("java21").doesNotContain("java25");
  }

  @Test
  void says_what_is_missing_where_there_is_no_jdk() throws Exception {
    Ran ran =
        sluice(jdk("old", "17.0.2"), jdk("11", "11").toString(), root.resolve("sluice"), "up");
    assertThat(ran.exit).isEqualTo(Exit.CANNOT_START.code());
    assertThat(ran.err).contains("no JDK 21 or newer", "apt install", "adoptium", "JAVA_HOME");
  }

  @Test
  void says_what_is_missing_where_there_is_no_maven() throws Exception {
    Files.delete(bin.resolve("mvn"));
    for (String tool : List.of("sh", "dirname", "readlink", "sed", "head", "find", "grep", "cat")) {
      Files.createSymbolicLink(bin.resolve(tool), found(tool));
    }
    Ran ran =
        run(List.of("sh", root.resolve("sluice").toString(), "up"), jdk("25", "25"), "", true);
    assertThat(ran.exit).isEqualTo(Exit.CANNOT_START.code());
    assertThat(ran.err).contains("Maven (mvn) is not on the PATH", "apt install maven");
  }

  @Test
  void a_failed_build_shows_the_end_of_its_log() throws Exception {
    Ran ran =
        run(
            List.of("env", "FAIL=1", root.resolve("sluice").toString(), "up"),
            jdk("25", "25"),
            "",
            false);
    assertThat(ran.exit).isEqualTo(Exit.CANNOT_START.code());
    assertThat(ran.err).contains("building…", "mvn -B -ntp -q", "the build failed", "build.log");
    assertThat(ran.out).isEmpty();
  }

  @Test
  void test_runs_every_test_with_the_jdk_that_was_found() throws Exception {
    Path jdk = jdk("25", "25");
    Ran ran = sluice(jdk, "test");
    assertThat(ran.out).contains("mvn -B -ntp verify with " + jdk, "in " + root.toRealPath());
    assertThat(ran.exit).isZero();
  }

  @Test
  void works_through_a_symbolic_link_and_keeps_arguments_whole() throws Exception {
    Path link = Files.createSymbolicLink(temp.resolve("link"), root.resolve("sluice"));
    Ran ran = sluice(jdk("25", "25"), "", link, "submit", "two words", "*");
    assertThat(ran.out).contains("[submit][two words][*]");
  }

  @Test
  void commands_run_where_the_user_is() throws Exception {
    Ran ran = sluice(jdk("25", "25"), "submit", "a");
    assertThat(ran.out).contains("in " + temp.toRealPath() + "\n");
  }

  private record Ran(int exit, String out, String err) {}

  private Ran sluice(Path javaHome, String... arguments) throws Exception {
    return sluice(javaHome, "", root.resolve("sluice"), arguments);
  }

  private Ran sluice(Path javaHome, String jdks, Path script, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    return run(command, javaHome, jdks, false);
  }

  private Ran run(List<String> command, Path javaHome, String jdks, boolean onlyBin)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).directory(temp.toFile());
    builder.environment().put("JAVA_HOME", javaHome.toString());
    builder.environment().put("SLUICE_TEST_JDKS", jdks);
    String path = builder.environment().get("PATH");
    builder.environment().put("PATH", onlyBin ? bin.toString() : bin + ":" + path);
    if (onlyBin) {
      builder.command().set(0, found("sh").toString());
    }
    Path out = temp.resolve("out");
    Path err = temp.resolve("err");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    process.getOutputStream().close();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private int builds() throws IOException {
    return Files.readAllLines(root.resolve("cli/target/builds")).size();
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = Files.createDirectories(temp.resolve("jdks/" + name));
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    script(home.resolve("bin/javac"), "exit 0");
    script(
        home.resolve("bin/java"),
        "echo \"java" + version.replaceAll("\\..*", "") + " $* in $PWD\"",
        "while [ \"$1\" != -jar ]; do shift; done; shift 2",
        "for argument; do printf '[%s]' \"$argument\"; done; echo");
    return home;
  }

  private static void script(Path file, String... lines) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    executable(file);
  }

  private static void executable(Path file) {
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static Path found(String tool) {
    return List.of(Path.of("/bin", tool), Path.of("/usr/bin", tool)).stream()
        .filter(Files::exists)
        .findFirst()
        .orElseThrow();
  }
}
