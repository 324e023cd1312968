package io.zdmosc.cli.demo;

import java.util.List;
import java.util.Locale;

/**
 * A row of the demo's table {@code users}, as far as its writers decide what is in it.
 *
 * @param cents the balance in cents
 * @param profile JSON, in the form in which the server writes it
 * @param createdAt seconds since 1970
 * @param plan the column that the change adds
 */
record UserRow(
    long id,
    String name,
    String email,
    String country,
    long cents,
    String profile,
    long createdAt,
    String plan) {

  /** What the change gives to every row that says nothing else. */
  static final String DEFAULT_PLAN = "free";

  static final long FIRST_CREATED_AT = 1_704_067_200L;

  private static final String[] GIVEN = {
    "Ada", "Bela", "Chen", "Dora", "Emil", "Fatima", "Grace", "Hugo", "Ines", "Jun", "Kofi", "Lena"
  };
  private static final String[] FAMILY = {
    "Abbott", "Baumann", "Castro", "Dubois", "Eriksen", "Farah", "Gupta", "Haddad", "Ito", "Jansen"
  };
  private static final String[] COUNTRIES = {"BR", "DE", "FR", "IN", "JP", "KE", "NO", "US"};

  /** The row that the table is filled with; {@link DemoTable#create} writes the same in SQL. */
  static UserRow initial(long id) {
    return of(id, id, FIRST_CREATED_AT + id * 60);
  }

  /** A row made of a number, so that its columns need not be remembered to be known. */
  static UserRow of(long id, long number, long createdAt) {
    return new UserRow(
        id,
        GIVEN[(int) (number % GIVEN.length)] + " " + FAMILY[(int) (number % FAMILY.length)],
        "user" + number + "@example.com",
        COUNTRIES[(int) (number % COUNTRIES.length)],
        number % 1_000_000,
        profile(number % 50, "Member number " + number),
        createdAt,
        DEFAULT_PLAN);
  }

  static String profile(long visits, String bio) {
    return String.format(Locale.ROOT, "{\"bio\": \"%s\", \"visits\": %d}", bio, visits);
  }

  UserRow withId(long value) {
    return new UserRow(value, name, email, country, cents, profile, createdAt, plan);
  }

  UserRow withCents(long value) {
    return new UserRow(id, name, email, country, value, profile, createdAt, plan);
  }

  UserRow withName(String value) {
    return new UserRow(id, value, email, country, cents, profile, createdAt, plan);
  }

  UserRow withProfile(String value) {
    return new UserRow(id, name, email, country, cents, value, createdAt, plan);
  }

  UserRow withPlan(String value) {
    return new UserRow(id, name, email, country, cents, profile, createdAt, value);
  }

  static List<String> givenNames() {
    return List.of(GIVEN);
  }

  static List<String> familyNames() {
    return List.of(FAMILY);
  }

  static List<String> countries() {
    return List.of(COUNTRIES);
  }
}
