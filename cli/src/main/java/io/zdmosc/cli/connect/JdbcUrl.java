package io.zdmosc.cli.connect;

import static java.util.Objects.requireNonNull;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A JDBC URL, as far as every database writes it the same way. */
public final class JdbcUrl {
  private static final Pattern USER_INFO = Pattern.compile("//[^/?#]*@");

  /** MySQL's other form: {@code address=(host=h)(password=p)}. */
  private static final Pattern KEY_VALUE =
      Pattern.compile("\\(\\s*password\\d?\\s*=", Pattern.CASE_INSENSITIVE);

  private final String text;
  private final Map<String, String> parameters;

  public JdbcUrl(String text) {
    this.text = requireNonNull(text, "text is null").strip();
    this.parameters = parametersOf(this.text);
  }

  /** The URL as it was written. It may hold a password. */
  public String text() {
    return text;
  }

  public boolean startsWith(String prefix) {
    return text.regionMatches(true, 0, prefix, 0, prefix.length());
  }

  /** The part before the question mark. */
  public String withoutParameters() {
    int query = text.indexOf('?');
    return query < 0 ? text : text.substring(0, query);
  }

  /** The value of the parameter of that name, whatever its case. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name.toLowerCase(Locale.ROOT)));
  }

  /** The place in the URL that holds a password, in words; empty when there is none. */
  public Optional<String> password() {
    for (String name : parameters.keySet()) {
      if (name.matches(".*password\\d?") || name.equals("pwd")) {
        return Optional.of("parameter " + name);
      }
    }
    if (KEY_VALUE.matcher(text).find()) {
      return Optional.of("part in parentheses");
    }
    Matcher userInfo = USER_INFO.matcher(withoutParameters());
    if (userInfo.find() && userInfo.group().contains(":")) {
      return Optional.of("part before the @");
    }
    return Optional.empty();
  }

  /** The URL without anything that could be secret, to be shown. */
  @Override
  public String toString() {
    String shown = USER_INFO.matcher(withoutParameters()).replaceFirst("//");
    return KEY_VALUE.matcher(shown).find() ? shown.substring(0, shown.indexOf('(')) : shown;
  }

  private static Map<String, String> parametersOf(String url) {
    Map<String, String> parameters = new LinkedHashMap<>();
    int query = url.indexOf('?');
    if (query < 0) {
      return parameters;
    }
    for (String pair : url.substring(query + 1).split("[&;]", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      if (!name.isEmpty()) {
        parameters.put(decoded(name).toLowerCase(Locale.ROOT), decoded(value));
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // Not percent-encoded after all: the driver will say what it thinks of it.
      return text;
    }
  }
}
