package io.zdmosc.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcUrlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://h/d?password=s3cret",
        "jdbc:postgresql://h/d?user=x&Password=s3cret",
        "jdbc:postgresql://h/d?p%61ssword=s3cret",
        "jdbc:postgresql://h/d?sslpassword=s3cret",
        "jdbc:mysql://h/d?pwd=s3cret",
        "jdbc:mysql://user:s3cret@h/d"
      })
  void findsAPasswordAndDoesNotShowIt(String text) {
    JdbcUrl url = new JdbcUrl(text);
    assertThat(url.password()).isPresent();
    assertThat(url.password().get()).doesNotContain("s3cret");
    assertThat(url.toString()).doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://h/d?user=x&sslmode=require",
        "jdbc:postgresql:d",
        "jdbc:postgresql://h1:1,h2:2/d",
        "jdbc:mysql://user@h/d",
        "jdbc:postgresql://[::1]:5432/password"
      })
  void findsNoneWhereThereIsNone(String text) {
    assertThat(new JdbcUrl(text).password()).isEmpty();
  }

  @Test
  void readsParametersWhateverTheirCase() {
    JdbcUrl url = new JdbcUrl("jdbc:postgresql://h/d?sslMode=verify-full&ApplicationName=a%20b+c");
    assertThat(url.parameter("sslmode")).contains("verify-full");
    assertThat(url.parameter("applicationname")).contains("a b+c");
    assertThat(url.parameter("user")).isEmpty();
  }
}
