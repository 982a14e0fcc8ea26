package io.sluice.cli;

import io.sluice.Unavailable;
import io.sluice.cli.commands.AnalyzeCommand;
import io.sluice.cli.commands.AuditCommand;
import io.sluice.cli.commands.BatchCommand;
import io.sluice.cli.commands.BenchCommand;
import io.sluice.cli.commands.CancelCommand;
import io.sluice.cli.commands.Configured;
import io.sluice.cli.commands.DemoCommand;
import io.sluice.cli.commands.DoctorCommand;
import io.sluice.cli.commands.DrainCommand;
import io.sluice.cli.commands.EmbedCommand;
import io.sluice.cli.commands.EngineSimCommand;
import io.sluice.cli.commands.ExplainCommand;
import io.sluice.cli.commands.GatewayCommand;
import io.sluice.cli.commands.KeyCommand;
import io.sluice.cli.commands.LoginCommand;
import io.sluice.cli.commands.LogoutCommand;
import io.sluice.cli.commands.PlanCommand;
import io.sluice.cli.commands.ResumeCommand;
import io.sluice.cli.commands.SubmitCommand;
import io.sluice.cli.commands.TenantCommand;
import io.sluice.cli.commands.TokenKeyCommand;
import io.sluice.cli.commands.UpCommand;
import io.sluice.cli.commands.WatchCommand;
import io.sluice.cli.commands.WorkerCommand;
import io.sluice.cli.commands.WorkersCommand;
import io.sluice.cli.terminal.Console;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The commands, and the one place where what goes wrong becomes a line and an exit code. */
@Command(
    name = "sluice",
    description = "An asynchronous, queue-based inference broker.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class Program {
  private Program() {}

  /** Runs a command line and returns its exit code; never throws. */
  public static int run(Console console, String... arguments) {
    CommandLine line = commandLine(console);
    line.setParameterExceptionHandler((e, args) -> usage(console, e));
    line.setExecutionExceptionHandler((e, at, parsed) -> explain(console, at, e));
    return line.execute(arguments);
  }

  static CommandLine commandLine(Console console) {
    CommandLine line = new CommandLine(new Program());
    for (Configured command :
        new Configured[] {
          new DemoCommand(console),
          new UpCommand(console),
          new GatewayCommand(console),
          new WorkerCommand(console),
          new SubmitCommand(console),
          new EmbedCommand(console),
          new AnalyzeCommand(console),
          new BatchCommand(console),
          new WatchCommand(console),
          new CancelCommand(console),
          new ExplainCommand(console),
          new WorkersCommand(console),
          new DrainCommand(console),
          new ResumeCommand(console),
          new LoginCommand(console),
          new LogoutCommand(console),
          new KeyCommand(console),
          new TenantCommand(console),
          new TokenKeyCommand(console),
          new AuditCommand(console),
          new PlanCommand(console),
          new DoctorCommand(console),
          new BenchCommand(console),
          new EngineSimCommand(console),
        }) {
      line.addSubcommand(command.commandLine());
    }
    line.setOut(new PrintWriter(console.out(), true));
    line.setErr(new PrintWriter(console.err(), true));
    line.setColorScheme(
        Help.defaultColorScheme(console.outIsTerminal() ? Help.Ansi.AUTO : Help.Ansi.OFF));
    line.setUsageHelpWidth(80);
    spec(line.getCommandSpec());
    return line;
  }

  private static void spec(CommandSpec spec) {
    String codes =
        Arrays.stream(Exit.values())
            .map(exit -> "  %-4d %s".formatted(exit.code(), exit.meaning()))
            .collect(Collectors.joining("%n"));
    spec.usageMessage().footer("%nExit codes:%n" + codes);
    spec.exitCodeOnInvalidInput(Exit.USAGE.code()).exitCodeOnExecutionException(Exit.BUG.code());
  }

  private static int usage(Console console, ParameterException e) {
    CommandSpec spec = e.getCommandLine().getCommandSpec();
    line(console, e.getMessage());
    console.err().println("try: " + spec.qualifiedName() + " --help");
    return Exit.USAGE.code();
  }

  private static int explain(Console console, CommandLine at, Exception e) {
    return switch (e) {
      case Refusal refusal -> {
        refusal.getMessage().lines().forEach(text -> line(console, text));
        yield refusal.exit().code();
      }
      case Unavailable away -> {
        line(console, away.getMessage());
        yield Exit.UNAVAILABLE.code();
      }
      default -> {
        line(console, "a bug: " + e + " (--log debug shows where)");
        org.slf4j.LoggerFactory.getLogger(Program.class).debug("{}", at.getCommandName(), e);
        yield Exit.BUG.code();
      }
    };
  }

  private static void line(Console console, String text) {
    console.err().println("sluice: " + Console.harmless(text).replace('\n', ' '));
  }
}
