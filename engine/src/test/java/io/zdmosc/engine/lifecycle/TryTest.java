package io.zdmosc.engine.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.durable.MigrationOrder;
import io.zdmosc.engine.hook.Hooks;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.spi.PreparedChange;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TryTest {
  private static final Plan PLAN =
      new Plan(
          "users",
          "users",
          "ADD COLUMN x int",
          List.of("id"),
          "primary key",
          List.of(),
          List.of(),
          List.of(),
          new Plan.TableSize(1, 1, 1));

  private final Error error = new NoClassDefFoundError("gone");
  private final List<String> done = new ArrayList<>();

  @Test
  void anErrorBeforeTheCopyEndsTheMigrationAsAFailureDoes() {
    PreparedChange dying =
        answering(
            PreparedChange.class,
            Map.of("copied", it -> die(), "discard", it -> noted("discarded", List.of())));
    assertThatThrownBy(() -> run(it -> dying)).hasCause(error);
    assertThat(done).containsExactly("prepared", "discarded", "aborted");
  }

  @Test
  void anErrorInThePreparationDoesSoToo() {
    assertThatThrownBy(() -> run(it -> die())).hasCause(error);
    assertThat(done).containsExactly("aborted");
  }

  private void run(Answer prepare) {
    RunControl control = new RunControl();
    MigrationListener nobody = MigrationListener.none();
    Hooks hooks = new Hooks(Optional.empty(), nobody, control, 1, PLAN, "a server");
    ControlStore.Lease lease =
        answering(
            ControlStore.Lease.class,
            Map.of(
                "migrationId", it -> 1L, "transition", it -> noted(String.valueOf(it[0]), null)));
    PlannedChange planned =
        answering(PlannedChange.class, Map.of("plan", it -> PLAN, "prepare", prepare));
    MigrationOrder order =
        new MigrationOrder(new ChangeRequest("users", PLAN.alter()), RunOptions.defaults(), PLAN);
    new Try(answering(Database.class, Map.of()), nobody, hooks, control, System.nanoTime(), false)
        .run(lease, order, Optional.of(planned));
  }

  private Object die() {
    throw error;
  }

  private Object noted(String what, Object answer) {
    done.add(what.toLowerCase(Locale.ROOT));
    return answer;
  }

  @FunctionalInterface
  private interface Answer {
    Object to(Object... arguments);
  }

  /** Answers what it is told to, and nothing for the rest. */
  private static <T> T answering(Class<T> type, Map<String, Answer> answers) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          Answer answer = answers.get(method.getName());
          if (answer != null) {
            return answer.to(arguments);
          }
          return method.isDefault()
              ? InvocationHandler.invokeDefault(proxy, method, arguments)
              : null;
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
