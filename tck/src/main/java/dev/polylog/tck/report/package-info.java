/**
 * What comes out of a run of the kit: a {@link dev.polylog.tck.report.TckReport}, as JSON, as one HTML page, and as the
 * guarantee matrix of the documents.
 *
 * <p>{@link dev.polylog.tck.report.TckRunner} runs the kit against any store by its URL.
 * {@link dev.polylog.tck.report.ReportListener} writes the report of a test class beside the other results of a build.
 */
@NullMarked
package dev.polylog.tck.report;

import org.jspecify.annotations.NullMarked;
