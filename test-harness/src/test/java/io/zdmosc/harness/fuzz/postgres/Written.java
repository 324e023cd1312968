package io.zdmosc.harness.fuzz.postgres;

import java.util.List;

/**
 * A transaction that the application has tried.
 *
 * @param statements its statements
 * @param state the SQLSTATE with which the server refused one of them; empty where it committed
 */
record Written(List<String> statements, String state) {}
