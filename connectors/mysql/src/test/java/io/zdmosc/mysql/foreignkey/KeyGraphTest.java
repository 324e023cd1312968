package io.zdmosc.mysql.foreignkey;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.mysql.sql.QualifiedName;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class KeyGraphTest {

  @Test
  void aFamilyIsWhatIsReferredToAndTwoGenerationsBelow() {
    KeyGraph graph =
        graph(
            "lands: customers",
            "customers: orders",
            "orders: items",
            "items: moves parts",
            "moves: steps");
    TableKeys keys =
        new TableKeys(
            List.of(key("orders", "customers"), key("orders", "orders")),
            List.of(key("items", "orders")));

    assertThat(words(graph.family(name("orders"), keys)))
        .containsExactly("customers", "orders", "items", "moves", "parts");
  }

  @Test
  void aLineAndAForkAreNoCircle() {
    assertThat(circle(graph("a: b c", "b: d", "c: d"), "a", "b", "c", "d")).isEmpty();
  }

  @Test
  void aCircleIsFoundAlsoWhereItLeadsOverOthers() {
    assertThat(circle(graph("a: b", "b: x", "x: c", "c: a under"), "a", "b", "c", "under"))
        .containsExactly("a", "b", "c");
  }

  /** A session that waits for its own table does not wait. */
  @Test
  void aCircleOfOthersOrOfOneTableWithOthersIsNone() {
    assertThat(circle(graph("a: x", "x: y", "y: x"), "a", "b")).isEmpty();
    assertThat(circle(graph("a: x b", "x: a"), "a", "b")).isEmpty();
  }

  private static List<String> circle(KeyGraph graph, String... tables) {
    return words(
        graph.circle(Arrays.stream(tables).map(KeyGraphTest::name).collect(Collectors.toSet())));
  }

  /** Of lines with a table and those that refer to it. */
  private static KeyGraph graph(String... lines) {
    Map<QualifiedName, Set<QualifiedName>> children = new LinkedHashMap<>();
    for (String line : lines) {
      String[] parts = line.split(": ");
      Set<QualifiedName> names = new LinkedHashSet<>();
      Arrays.stream(parts[1].split(" ")).map(KeyGraphTest::name).forEach(names::add);
      children.put(name(parts[0]), names);
    }
    return new KeyGraph(children);
  }

  private static ForeignKey key(String table, String target) {
    return new ForeignKey(
        target, name(table), List.of("x"), name(target), List.of("id"), "NO ACTION", "NO ACTION");
  }

  private static QualifiedName name(String table) {
    return new QualifiedName("shop", table);
  }

  private static List<String> words(Collection<QualifiedName> names) {
    return names.stream().map(QualifiedName::name).toList();
  }
}
