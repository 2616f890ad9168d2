package dev.polylog.spi.support;

import dev.polylog.PolylogException;
import dev.polylog.StoreClosed;
import org.jspecify.annotations.Nullable;

/** How calls of a backend may fail. Stateless and thread-safe. */
final class Calls {

    private Calls() {}

    /** A call of a backend. */
    @FunctionalInterface
    interface Call<T> {

        /** Makes it. */
        T make();
    }

    /** Makes calls in some circumstances. */
    @FunctionalInterface
    interface Caller {

        /** Makes a call. */
        <T> T call(String name, Call<T> call);
    }

    static <T> T make(String name, boolean closed, Call<T> call) {
        T answer;
        try {
            answer = call.make();
        } catch (StoreClosed e) {
            throw e;
        } catch (PolylogException e) {
            if (closed) {
                throw unclosed(name, e);
            }
            throw e;
        } catch (RuntimeException e) {
            throw new BackendContractViolation(
                    "A-05", name + " failed with " + e + ", which does not say whether anything was done", e);
        }
        if (closed) {
            throw unclosed(name, null);
        }
        return answer;
    }

    private static BackendContractViolation unclosed(String name, @Nullable Throwable cause) {
        return new BackendContractViolation(
                "L-03",
                name + " on a closed backend did not fail with StoreClosed" + (cause == null ? "" : ": " + cause),
                cause);
    }
}
