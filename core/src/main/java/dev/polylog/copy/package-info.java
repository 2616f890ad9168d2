/**
 * Moving events between stores and telling whether two stores hold the same (chapter M).
 *
 * <p>{@link dev.polylog.copy.ContentDigest} is one number for what a log says, leaving out what only its store says
 * (positions, times of recording): equal on every backend that holds the same content.
 */
@NullMarked
package dev.polylog.copy;

import org.jspecify.annotations.NullMarked;
