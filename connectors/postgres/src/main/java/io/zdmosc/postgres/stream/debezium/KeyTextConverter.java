package io.zdmosc.postgres.stream.debezium;

import io.debezium.spi.converter.CustomConverter;
import io.debezium.spi.converter.RelationalColumn;
import java.util.Properties;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * Takes the place of Debezium's own value conversion: every column that it delivers becomes the
 * text of {@link KeyText}. Debezium creates it by its class name.
 */
public final class KeyTextConverter implements CustomConverter<SchemaBuilder, RelationalColumn> {
  @Override
  public void configure(Properties properties) {}

  @Override
  public void converterFor(
      RelationalColumn column, ConverterRegistration<SchemaBuilder> registration) {
    SchemaBuilder schema = SchemaBuilder.string();
    // Debezium itself makes the others optional; all must be, since an old tuple may lack columns
    registration.register(column.isOptional() ? schema : schema.optional(), KeyText::of);
  }
}
