package io.zdmosc.cli.demo;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "demo", header = "Shows a change of a live table.")
public final class DemoCommand implements Callable<Integer> {
  public DemoCommand(PrintStream out, PrintStream err) {}

  @Override
  public Integer call() {
    return 0;
  }
}
