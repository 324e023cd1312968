/**
 * The threads that write.
 *
 * <p>A {@link io.zdmosc.harness.workload.writer.Writer} runs the {@link
 * io.zdmosc.harness.workload.writer.Operation}s of its {@link
 * io.zdmosc.harness.workload.writer.WriterKind} through {@link
 * io.zdmosc.harness.workload.writer.Transaction}, which knows what every statement does to the
 * model, checks the server's row counts, and applies the effects when the commit has returned.
 */
package io.zdmosc.harness.workload.writer;
