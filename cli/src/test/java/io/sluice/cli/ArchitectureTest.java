package io.sluice.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom: DESIGN section 1. */
@AnalyzeClasses(
    packages = "io.sluice",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {
  /** Leaves out the fixtures that modules share. */
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  private static final String[] ADAPTERS = {
    "io.sluice.documents..",
    "io.sluice.embedded..",
    "io.sluice.file..",
    "io.sluice.folder..",
    "io.sluice.rabbitmq..",
    "io.sluice.redis.."
  };

  @ArchTest
  static final ArchRule the_model_and_the_ports_know_only_java_and_future =
      classes()
          .that()
          .resideInAPackage("io.sluice")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage("java..", "io.sluice")
                  .or(
                      com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo(
                          io.vertx.core.Future.class)));

  @ArchTest static final ArchRule documents_know_no_other_adapter = meetsNoOther("documents");

  @ArchTest static final ArchRule embedded_knows_no_other_adapter = meetsNoOther("embedded");

  @ArchTest static final ArchRule file_knows_no_other_adapter = meetsNoOther("file");

  @ArchTest static final ArchRule folder_knows_no_other_adapter = meetsNoOther("folder");

  @ArchTest static final ArchRule rabbitmq_knows_no_other_adapter = meetsNoOther("rabbitmq");

  @ArchTest static final ArchRule redis_knows_no_other_adapter = meetsNoOther("redis");

  @ArchTest
  static final ArchRule the_gateway_knows_neither_worker_nor_adapter =
      noClasses()
          .that()
          .resideInAPackage("io.sluice.gateway..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(ADAPTERS).or(resideInAPackage("io.sluice.worker..")));

  @ArchTest
  static final ArchRule the_worker_knows_neither_gateway_nor_adapter =
      noClasses()
          .that()
          .resideInAPackage("io.sluice.worker..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(ADAPTERS).or(resideInAPackage("io.sluice.gateway..")));

  @ArchTest
  static final ArchRule clients_of_model_servers_never_meet =
      noClasses()
          .that()
          .resideInAPackage("io.sluice.worker.openai..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.sluice.worker.ollama..");

  @ArchTest
  static final ArchRule clients_of_model_servers_never_meet_the_other_way =
      noClasses()
          .that()
          .resideInAnyPackage("io.sluice.worker.ollama..", "io.sluice.worker.http..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.sluice.worker.openai..");

  @ArchTest
  static final ArchRule only_a_composition_root_names_an_adapter =
      noClasses()
          .that(
              not(resideInAnyPackage(ADAPTERS))
                  .and(not(simpleNameEndingWith("Main")))
                  .and(not(resideInAPackage("io.sluice.cli.compose.."))))
          .should()
          .dependOnClassesThat(resideInAnyPackage(ADAPTERS));

  @ArchTest
  static final ArchRule rabbitmq_is_only_in_its_folder =
      only("com.rabbitmq..", "io.sluice.rabbitmq..");

  @ArchTest
  static final ArchRule redis_is_only_in_its_folder = only("org.redisson..", "io.sluice.redis..");

  @ArchTest
  static final ArchRule sql_is_only_in_the_embedded_folder =
      only("java.sql..", "io.sluice.embedded..");

  @ArchTest
  static final ArchRule the_web_is_only_in_the_gateway =
      only("io.vertx.ext.web..", "io.sluice.gateway..");

  @ArchTest
  static final ArchRule documents_are_parsed_only_in_their_own_process =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.sluice.documents.reading..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("org.apache.pdfbox..", "org.jsoup..", "javax.xml.."));

  @ArchTest
  static final ArchRule addresses_are_read_in_one_place =
      only("inet.ipaddr..", "io.sluice.address..");

  private static ArchRule meetsNoOther(String adapter) {
    return noClasses()
        .that()
        .resideInAPackage("io.sluice." + adapter + "..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(ADAPTERS).and(not(resideInAPackage("io.sluice." + adapter + ".."))))
        .allowEmptyShould(true);
  }

  private static ArchRule only(String library, String folder) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(folder)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library);
  }
}
