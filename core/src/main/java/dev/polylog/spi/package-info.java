/**
 * What authors of backends touch: the storage contract below everything else.
 *
 * <p>A backend implements {@link dev.polylog.spi.LogBackend} (append, two reads, a signal, a status) and
 * {@link dev.polylog.spi.CellStore} (get, compare-and-set), and is found through a
 * {@link dev.polylog.spi.BackendProvider}. Core validates every call before it reaches a backend, so a backend sees only
 * well-formed commands; what it must promise in return is the specification's rules, which the compatibility kit judges.
 * Optional powers of a provider are interfaces of their own: {@link dev.polylog.spi.SchemaPrinter},
 * {@link dev.polylog.spi.MirrorOpener}, {@link dev.polylog.spi.StoreRepairer}.
 */
@NullMarked
package dev.polylog.spi;

import org.jspecify.annotations.NullMarked;
