package dev.polylog.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.InvalidStoreUrl;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackendUrlTest {

    @Test
    void aUrlIsTakenApart() {
        BackendUrl url = BackendUrl.parse("sqlite:a b/c.db?busyTimeout=250ms&limit=7&name=x%20y%26z&on=true");
        assertThat(url.scheme()).isEqualTo("sqlite");
        assertThat(url.address()).isEqualTo("a b/c.db");
        BackendUrl.Options options = url.options();
        assertThat(options.duration("busyTimeout", Duration.ZERO)).isEqualTo(Duration.ofMillis(250));
        assertThat(options.number("limit", 1, 10, 5)).isEqualTo(7);
        assertThat(options.text("name", "")).isEqualTo("x y&z");
        assertThat(options.flag("on", false)).isTrue();
        assertThat(options.number("absent", 1, 10, 5)).isEqualTo(5);
        options.finish();
    }

    @Test
    void aDriversUrlKeepsBothSchemes() {
        assertThat(BackendUrl.parse("jdbc:postgresql://host/db").scheme()).isEqualTo("jdbc:postgresql");
    }

    @Test
    void everyMistakeIsReportedAtOnce() {
        BackendUrl.Options options =
                BackendUrl.parse("x:y?a=z&b=99&c=soon&d=maybe&e=1").options();
        options.number("a", 1, 10, 5);
        options.number("b", 1, 10, 5);
        options.duration("c", Duration.ZERO);
        options.flag("d", false);
        options.problem("the address is odd");
        assertThatThrownBy(options::finish)
                .isInstanceOfSatisfying(
                        InvalidStoreUrl.class,
                        e -> assertThat(e.problems())
                                .hasSize(6)
                                .anyMatch(p -> p.contains("unknown option e") && p.contains("known are [a, b, c, d]")));
    }

    @Test
    void noSecretIsShown() {
        String url = "postgresql://app:hunter2@db:5432/x?password=hunter2&sslkey=hunter2&accessToken=hunter2&mode=safe";
        assertThat(BackendUrl.parse(url).toString())
                .doesNotContain("hunter2")
                .contains("app:***@db:5432")
                .contains("mode=safe");
        assertThatThrownBy(() -> BackendUrl.parse(url).options().finish()).hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> BackendUrl.parse(url + "&password=hunter2")).hasMessageNotContaining("hunter2");
        assertThat(BackendUrl.parse("esdb://a:hunter@2@x:1,b:hunter2@y:2?tls=true")
                        .toString())
                .doesNotContain("hunter");
        assertThat(BackendUrl.parse("x://a:hun?ter2@y?tls=true&to=me@z").toString())
                .doesNotContain("ter2");
    }

    @Test
    void hostileUrlsAreTakenApartOrRefusedAndNothingElse() {
        SplittableRandom random = new SplittableRandom(7);
        String alphabet = "a:/?&=%@#+ \u0000\u00e9\ud800\"'\\0Zjdbc.-\n";
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "sqlite:" : "");
            random.ints(random.nextInt(40), 0, alphabet.length()).forEach(c -> text.append(alphabet.charAt(c)));
            try {
                BackendUrl url = BackendUrl.parse(text.toString());
                assertThat(url.unredacted()).isEqualTo(text.toString());
                url.options().finish();
            } catch (InvalidStoreUrl e) {
                assertThat(e.problems()).isNotEmpty();
                refused++;
            }
        }
        assertThat(refused).isBetween(1_000, 9_999);
    }
}
