package io.zdmosc.harness.fuzz.postgres;

import static io.zdmosc.harness.fuzz.postgres.ColumnKind.differing;
import static io.zdmosc.harness.fuzz.postgres.ColumnKind.of;

import java.util.List;

/** The types that columns are made of, with the values that are apt to go wrong. */
final class ColumnKinds {
  private ColumnKinds() {}

  /** What the types below need. */
  static final List<String> SETUP =
      List.of(
          "CREATE TYPE mood AS ENUM ('sad', 'Ok', 'it''s')",
          "CREATE TYPE \"other Mood\" AS ENUM ('it''s', 'sad', 'Ok', 'new')",
          "CREATE TYPE pair AS (\"A\" int, b text)",
          "CREATE DOMAIN \"posi tive\" AS int CHECK (VALUE > 0)",
          "CREATE DOMAIN short AS varchar(12) COLLATE \"C\" DEFAULT 'dom' NOT NULL",
          "CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2',"
              + " deterministic = false)",
          "CREATE FUNCTION plus1(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1'");

  static final List<ColumnKind> ALL =
      List.of(
          of(
              "smallint",
              "# * 7 % 30000",
              "int",
              "bigint",
              "text",
              "numeric",
              "real",
              "varchar(2)",
              "text USING to_hex(@::int)",
              "boolean USING @ > 100"),
          of(
              "int",
              "#::bigint * 7919 % 1000003 - 500000",
              "bigint",
              "smallint",
              "text",
              "numeric(12,2)",
              "float8",
              "bigint USING plus1(@)",
              "int USING -@",
              "\"posi tive\" USING abs(@) + 1",
              "timestamptz USING to_timestamp(@)",
              "jsonb USING to_jsonb(@)",
              "money"),
          of("bigint", "#::bigint * 1234567 % 9007199254740993", "int", "numeric", "text", "oid"),
          of(
              "numeric",
              "CASE # % 13 WHEN 0 THEN 'NaN' WHEN 1 THEN 'Infinity' WHEN 2 THEN '-Infinity'"
                  + " WHEN 3 THEN '1.50000' WHEN 4 THEN '-0.0' ELSE (#::numeric / 7)::text END",
              "numeric(10,2)",
              "float8",
              "text",
              "int",
              "numeric USING round(@, 1)",
              "real"),
          of("numeric(14,4)", "#::numeric / 16", "numeric(14,2)", "numeric(5,1)", "int", "text"),
          of(
              "real",
              "CASE # % 9 WHEN 0 THEN 'NaN' WHEN 1 THEN '-0' WHEN 2 THEN 'Infinity'"
                  + " ELSE (# * 0.1)::text END",
              "float8",
              "numeric",
              "text"),
          of(
              "float8",
              "CASE # % 9 WHEN 0 THEN 'NaN' WHEN 1 THEN '-0' WHEN 2 THEN '1e-300'"
                  + " ELSE (# / 3.0::float8)::text END",
              "real",
              "text",
              "numeric(20,3)"),
          of(
              "text",
              "CASE # % 17 WHEN 0 THEN '' WHEN 1 THEN repeat(md5((#)::text), 200) WHEN 3 THEN E'\\n\\t\\\\,\"''' WHEN 4 THEN 'Straße ☃ ' || # ELSE md5((#)::text) END",
              "varchar(40)",
              "char(10)",
              "text COLLATE \"C\"",
              "bytea USING convert_to(@, 'UTF8')",
              "int USING length(@)",
              "jsonb USING to_jsonb(@)",
              "text[] USING string_to_array(@, 'a')",
              "text USING upper(@)",
              "tsvector USING to_tsvector('simple', @)"),
          of(
              "varchar(60)",
              "md5((#)::text)",
              "text",
              "varchar(32)",
              "varchar(8)",
              "char(40)",
              "uuid"),
          of("char(20)", "left(md5((#)::text), # % 20)", "text", "varchar(20)", "char(30)"),
          of("\"char\"", "chr(65 + (#)::int % 26)", "text", "char(1)"),
          of("name", "'n' || #", "text"),
          of(
              "bytea",
              "CASE # % 7 WHEN 0 THEN ''::bytea WHEN 1 THEN convert_to(repeat('x', 9000), 'UTF8')"
                  + " ELSE decode(md5((#)::text), 'hex') END",
              "text USING encode(@, 'hex')",
              "text",
              "int USING length(@)"),
          of("boolean", "# % 3 = 0", "int USING @::int", "text", "smallint"),
          of(
              "date",
              "CASE # % 11 WHEN 0 THEN 'infinity' WHEN 1 THEN '0044-03-15 BC'"
                  + " ELSE (date '2020-01-01' + (#)::int % 9000)::text END",
              "timestamptz",
              "timestamp",
              "text",
              "timestamptz USING @::timestamp AT TIME ZONE 'Asia/Tokyo'"),
          of(
              "timestamptz",
              "CASE # % 11 WHEN 0 THEN '-infinity' ELSE (timestamptz '2020-03-29 00:00:00.123456Z'"
                  + " + # * interval '31 minutes')::text END",
              "timestamp",
              "date",
              "text",
              "timestamptz(0)",
              "timestamp USING @ AT TIME ZONE 'Europe/Berlin'",
              "bigint USING extract(epoch FROM nullif(@, '-infinity'))::bigint"),
          of(
              "timestamp(3)",
              "timestamp '2020-01-01 00:00:00.4567' + # * interval '37.7 s'",
              "timestamptz",
              "date",
              "timestamp(0)",
              "time"),
          of("time", "time '00:00' + # * interval '7.77 min'", "timetz", "interval", "text"),
          of("timetz", "timetz '00:00+02' + # * interval '7.77 min'", "time", "text"),
          of(
              "interval",
              "# * interval '1 day 1.5 s' - interval '1 mon'",
              "text",
              "interval(0)",
              "interval day to second",
              "time"),
          differing(
              "uuid", "md5((#)::text)::uuid", "text", "bytea USING uuid_send(@)", "varchar(36)"),
          of(
              "jsonb",
              "CASE # % 7 WHEN 0 THEN 'null' WHEN 1 THEN '{\"b\": 1.00, \"a\": [null, \"x\"]}'"
                  + " ELSE to_jsonb(repeat(md5((#)::text), (# % 100)::int))::text END",
              "json",
              "text",
              "jsonb USING @ || '[1]'"),
          of("json", "'{\"b\": 1.00,  \"b\": ' || # || '}'", "jsonb", "text"),
          of(
              "int[]",
              "CASE # % 5 WHEN 0 THEN '{}' WHEN 1 THEN '{1,NULL,3}' WHEN 2 THEN '[0:1]={7,8}'"
                  + " ELSE '{' || # || '}' END",
              "bigint[]",
              "text[]",
              "text",
              "jsonb USING to_jsonb(@)",
              "int USING cardinality(@)"),
          of(
              "text[]",
              "ARRAY['a,\"b', NULL, '', (#)::text]",
              "varchar(3)[]",
              "text",
              "text USING array_to_string(@, '-')"),
          of(
              "int4range",
              "CASE # % 6 WHEN 0 THEN 'empty' WHEN 1 THEN '(,5]' ELSE"
                  + " format('[%s,%s)', #, # + 5) END",
              "text",
              "int8range USING int8range(lower(@), upper(@))",
              "int4multirange USING int4multirange(@)"),
          of(
              "tstzrange",
              "tstzrange('2020-01-01Z', timestamptz '2020-01-02Z' + # * interval '1 h')",
              "text",
              "tsrange USING tsrange(lower(@)::timestamp, upper(@)::timestamp)"),
          of(
              "int4multirange",
              "int4multirange(int4range((#)::int, (#)::int + 2), int4range(1, 2))",
              "text"),
          of(
              "inet",
              "'10.0.0.0/8'::inet + (#)::bigint % 60000",
              "text",
              "cidr",
              "text USING host(@)"),
          of("cidr", "'10.1.0.0/16'", "inet", "text"),
          of("macaddr", "'08:00:2b:01:02:03'", "macaddr8", "text"),
          of(
              "bit(8)",
              "((#)::int % 256)::bit(8)",
              "bit varying(8)",
              "int USING @::int",
              "bit(4) USING @::bit(4)",
              "bit(4)"),
          of(
              "bit varying(20)",
              "((#)::int % 1024)::bit(10)",
              "bit varying",
              "text",
              "bit varying(4)"),
          of("money", "(#)::int", "numeric", "text"),
          of(
              "mood",
              "(ARRAY['sad', 'Ok', 'it''s'])[1 + # % 3]",
              "text",
              "\"other Mood\" USING @::text::\"other Mood\"",
              "int USING length(@::text)"),
          of("\"posi tive\"", "1 + (#)::int", "int", "bigint", "text"),
          of("short", "'s' || #", "text", "varchar(4)", "text COLLATE \"default\""),
          of("pair", "ROW((#)::int, 'x,y)')", "text", "jsonb USING to_jsonb(@)"),
          of("tsvector", "to_tsvector('simple', 'a b ' || #)", "text"),
          of("point", "point(#, 1.5)", "text", "box USING box(@, @)"),
          of("oid", "#", "bigint", "text"),
          of("regtype", "(ARRAY['int4', 'text', 'mood'])[1 + # % 3]", "text", "oid"),
          of("pg_lsn", "'0/0'::pg_lsn + #", "text"),
          of("xid8", "(#)::text", "text"),
          of(
              "text COLLATE folded",
              "CASE # % 2 WHEN 0 THEN upper(md5((#)::text)) ELSE md5((#)::text)" + " END",
              "text COLLATE \"C\"",
              "varchar(32)"));

  /** Different numbers make different values: they can be keys. */
  static final List<ColumnKind> KEYS =
      List.of(
          differing(
              "int",
              "#",
              "bigint",
              "text",
              "smallint",
              "numeric",
              "int USING -@",
              "text USING 'k' || @",
              "bigint USING plus1(@)"),
          differing("bigint", "#", "int", "numeric(20,3)", "text"),
          differing("smallint", "#", "int", "bigint"),
          differing("uuid", "md5((#)::text)::uuid", "text", "bytea USING uuid_send(@)"),
          differing(
              "text",
              "md5((#)::text)",
              "varchar(32)",
              "text COLLATE \"C\"",
              "uuid",
              "text USING upper(@)",
              "bytea USING convert_to(@, 'UTF8')"),
          differing("text COLLATE \"C\"", "'Ä' || #", "text COLLATE folded", "varchar(20)"),
          differing("text COLLATE folded", "'Key ' || #", "text COLLATE \"C\""),
          differing("varchar(20)", "chr(97 + (#)::int % 26) || #", "text", "char(20)", "name"),
          differing("char(12)", "(#)::text", "text", "varchar(12)"),
          differing(
              "numeric",
              "CASE # % 2 WHEN 0 THEN #::numeric ELSE #::numeric * 1.00 END",
              "numeric(12,1)",
              "text",
              "bigint",
              "float8"),
          differing("float8", "# / 4.0", "numeric", "text"),
          differing(
              "timestamptz",
              "timestamptz '2020-03-29Z' + # * interval '30 min'",
              "timestamp",
              "text",
              "timestamptz(0)"),
          differing(
              "timestamp", "timestamp '2020-03-29' + # * interval '30 min'", "timestamptz", "date"),
          differing("date", "date '2020-01-01' + (#)::int % 1000000", "timestamp", "text"),
          differing("interval", "# * interval '1 hour'", "text"),
          differing("bytea", "convert_to((#)::text, 'UTF8')", "text USING encode(@, 'escape')"),
          differing("inet", "'0.0.0.0'::inet + (#)::bigint", "text"),
          differing("pair", "ROW((#)::int, 'b\"')", "text"),
          differing("int[]", "ARRAY[1, (#)::int]", "bigint[]", "text"),
          differing("int4range", "int4range((#)::int * 2, (#)::int * 2 + 1)", "text"),
          differing("jsonb", "to_jsonb((#)::text)", "text"),
          differing("\"posi tive\"", "1 + (#)::int", "int", "bigint"),
          differing("short", "'s' || #", "text"),
          differing("name", "'n' || #", "text"),
          differing("bit(24)", "((#)::int)::bit(24)", "bit varying", "text"),
          differing("oid", "#", "bigint"),
          differing("pg_lsn", "'0/0'::pg_lsn + #", "text"),
          differing("money", "(#)::int", "numeric"),
          differing(
              "macaddr8", "('08002b01' || lpad(to_hex((#)::int), 8, '0'))::macaddr8", "text"));
}
