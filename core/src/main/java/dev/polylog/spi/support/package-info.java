/**
 * What backends may use: the rules that decide an append, group commit, the JSON form of metadata, a polling signal,
 * backoff, the end of a thread, and a decorator that checks every call.
 */
@NullMarked
package dev.polylog.spi.support;

import org.jspecify.annotations.NullMarked;
