package io.zdmosc.engine.durable;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records as JSON, and back.
 *
 * <p>A migration is written down whole, not worked out again by the process that goes on with it:
 * what was evaluated once, such as the default of a new column, must not be evaluated anew.
 *
 * <p>Components may be records, enums, texts, numbers, booleans, characters, durations, instants,
 * lists, maps with text keys, and optionals of those. Reading is strict: a text that lacks a
 * component, or has one more, was written by another version and is refused.
 */
public final class RecordText {
  private RecordText() {}

  public static String write(Record value) {
    StringBuilder text = new StringBuilder();
    write(value, text);
    return text.toString();
  }

  /**
   * Reads what {@link #write} has written.
   *
   * @throws IllegalArgumentException when the text does not fit the type
   */
  public static <T extends Record> T read(String text, Class<T> type) {
    return type.cast(convert(JsonText.read(text), type, type.getSimpleName()));
  }

  /** Texts as a JSON array. */
  public static String writeTexts(List<String> texts) {
    StringBuilder text = new StringBuilder();
    elements(texts, text);
    return text.toString();
  }

  /**
   * Reads what {@link #writeTexts} has written.
   *
   * @throws IllegalArgumentException when it is anything else
   */
  public static List<String> readTexts(String text) {
    if (!(JsonText.read(text) instanceof List<?> elements)) {
      throw unfit("the text", List.class);
    }
    return elements.stream().map(each -> (String) scalar(each, String.class, "element")).toList();
  }

  private static void write(Object value, StringBuilder to) {
    if (value instanceof Optional<?> optional) {
      write(optional.orElse(null), to);
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      to.append(value);
    } else if (value instanceof Record record) {
      members(components(record), to);
    } else if (value instanceof Map<?, ?> map) {
      members(map, to);
    } else if (value instanceof List<?> list) {
      elements(list, to);
    } else if (value instanceof Enum<?> constant) {
      JsonText.quote(constant.name(), to);
    } else if (value instanceof String
        || value instanceof Character
        || value instanceof Duration
        || value instanceof Instant) {
      JsonText.quote(value.toString(), to);
    } else {
      throw new IllegalArgumentException("cannot be written down: " + value.getClass());
    }
  }

  private static Map<String, Object> components(Record record) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        component.getAccessor().setAccessible(true);
        values.put(component.getName(), component.getAccessor().invoke(record));
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalArgumentException("cannot read " + component, e);
      }
    }
    return values;
  }

  private static void members(Map<?, ?> members, StringBuilder to) {
    to.append('{');
    String separator = "";
    for (Map.Entry<?, ?> member : members.entrySet()) {
      to.append(separator);
      JsonText.quote((String) member.getKey(), to);
      to.append(':');
      write(member.getValue(), to);
      separator = ",";
    }
    to.append('}');
  }

  private static void elements(List<?> elements, StringBuilder to) {
    to.append('[');
    String separator = "";
    for (Object element : elements) {
      to.append(separator);
      write(element, to);
      separator = ",";
    }
    to.append(']');
  }

  private static Object convert(Object value, Type type, String where) {
    if (type instanceof ParameterizedType generic) {
      return generic(value, generic, where);
    }
    Class<?> plain = (Class<?>) type;
    if (value == null) {
      if (plain.isPrimitive()) {
        throw unfit(where, type);
      }
      return null;
    }
    if (plain.isRecord()) {
      return record(value, plain, where);
    }
    return scalar(value, plain, where);
  }

  private static Object generic(Object value, ParameterizedType type, String where) {
    Type[] arguments = type.getActualTypeArguments();
    if (type.getRawType() == Optional.class) {
      return value == null ? Optional.empty() : Optional.of(convert(value, arguments[0], where));
    }
    if (type.getRawType() == List.class && value instanceof List<?> elements) {
      List<Object> list = new ArrayList<>();
      elements.forEach(element -> list.add(convert(element, arguments[0], where + "[]")));
      return list;
    }
    if (type.getRawType() == Map.class && value instanceof Map<?, ?> members) {
      Map<Object, Object> map = new LinkedHashMap<>();
      members.forEach((name, member) -> map.put(name, convert(member, arguments[1], where)));
      return map;
    }
    if (value == null) {
      return null;
    }
    throw unfit(where, type);
  }

  private static Object record(Object value, Class<?> type, String where) {
    RecordComponent[] components = type.getRecordComponents();
    if (!(value instanceof Map<?, ?> members) || members.size() != components.length) {
      throw unfit(where, type);
    }
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = components[i].getName();
      if (!members.containsKey(name)) {
        throw unfit(where + "." + name, type);
      }
      arguments[i] = convert(members.get(name), components[i].getGenericType(), where + "." + name);
    }
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(where + " cannot be read", e);
    }
  }

  private static Object scalar(Object value, Class<?> type, String where) {
    if (value instanceof Boolean && (type == boolean.class || type == Boolean.class)) {
      return value;
    }
    if (value instanceof JsonText.Numeral numeral) {
      return number(numeral.digits(), type, where);
    }
    if (value instanceof String text) {
      return text(text, type, where);
    }
    throw unfit(where, type);
  }

  private static Object number(String digits, Class<?> type, String where) {
    if (type == long.class || type == Long.class) {
      return Long.valueOf(digits);
    }
    if (type == int.class || type == Integer.class) {
      return Integer.valueOf(digits);
    }
    if (type == double.class || type == Double.class) {
      return Double.valueOf(digits);
    }
    throw unfit(where, type);
  }

  private static Object text(String text, Class<?> type, String where) {
    if (type == String.class) {
      return text;
    }
    if (type == char.class || type == Character.class) {
      return text.charAt(0);
    }
    if (type == Duration.class) {
      return Duration.parse(text);
    }
    if (type == Instant.class) {
      return Instant.parse(text);
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .filter(constant -> ((Enum<?>) constant).name().equals(text))
          .findFirst()
          .orElseThrow(() -> unfit(where, type));
    }
    throw unfit(where, type);
  }

  private static IllegalArgumentException unfit(String where, Type type) {
    return new IllegalArgumentException(where + " does not fit " + type.getTypeName());
  }
}
