package dev.polylog;

import java.util.List;

/** A store's URL or configuration cannot be used; lists every mistake at once and shows no secret. */
public final class InvalidStoreUrl extends PolylogException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /**
     * Lists everything that is wrong.
     *
     * @param url the URL without secrets
     * @param problems one sentence each: what is wrong and what was expected
     */
    public InvalidStoreUrl(String url, List<String> problems) {
        super("cannot use the store URL \"" + url + "\": " + String.join("; ", problems), null);
        this.problems = List.copyOf(problems);
    }

    /**
     * Everything that is wrong.
     *
     * @return one sentence for each problem
     */
    public List<String> problems() {
        return problems;
    }
}
