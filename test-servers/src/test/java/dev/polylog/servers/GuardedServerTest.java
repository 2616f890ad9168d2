package dev.polylog.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardedServerTest {

    /** Nothing but the steps that were asked of it; it begins as often as it is told. */
    private static final class Steps extends GuardedServer {

        private final List<String> steps = new ArrayList<>();
        private final boolean begins;

        Steps(boolean begins) {
            this.begins = begins;
        }

        @Override
        public ServerAddress address() {
            return new ServerAddress("127.0.0.1", 1);
        }

        @Override
        protected void begin() {
            if (!begins) {
                throw new ServerFailure("it does not begin");
            }
            steps.add("begin");
        }

        @Override
        protected void end() {
            steps.add("end");
        }

        @Override
        protected void die() {
            steps.add("die");
        }

        @Override
        protected void freeze() {
            steps.add("freeze");
        }

        @Override
        protected void thaw() {
            steps.add("thaw");
        }

        @Override
        protected void discard() {
            steps.add("discard");
        }

        @Override
        protected boolean alive() {
            return true;
        }

        @Override
        protected boolean serves() {
            return true;
        }

        @Override
        protected String logTail() {
            return "";
        }
    }

    @Test
    void a_server_is_prepared_before_it_is_started() {
        Steps server = GuardedServer.started(new Steps(true), made -> made.steps.add("prepare"));
        assertThat(server.steps).containsExactly("prepare", "begin");
        assertThat(server.state()).isEqualTo(ServerState.RUNNING);
    }

    @Test
    void a_server_that_does_not_start_is_closed() {
        Steps server = new Steps(false);
        assertThatThrownBy(() -> GuardedServer.started(server)).hasMessage("it does not begin");
        assertThat(server.steps).containsExactly("discard");
        assertThat(server.state()).isEqualTo(ServerState.CLOSED);
    }

    @Test
    void a_server_that_cannot_be_prepared_is_closed_and_never_started() {
        Steps server = new Steps(true);
        assertThatThrownBy(() -> GuardedServer.started(server, made -> {
                    throw new ServerFailure("it cannot be prepared");
                }))
                .hasMessage("it cannot be prepared");
        assertThat(server.steps).containsExactly("discard");
        assertThat(server.state()).isEqualTo(ServerState.CLOSED);
    }
}
