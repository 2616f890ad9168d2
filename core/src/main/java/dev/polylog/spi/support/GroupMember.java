package dev.polylog.spi.support;

import dev.polylog.spi.support.GroupCommit.Result;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A caller of {@link GroupCommit}: what it wants written, and what becomes of it. Made by the caller's thread; the group
 * and the place are written before the result is, which publishes them.
 */
final class GroupMember<C, O> {

    final C command;
    final Thread thread = Thread.currentThread();

    /** Whom this one wakes. */
    List<GroupMember<C, O>> group = List.of();

    int place;
    volatile @Nullable Result<O> result;
    volatile boolean leads;

    GroupMember(C command) {
        this.command = command;
    }
}
