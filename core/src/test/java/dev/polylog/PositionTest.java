package dev.polylog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {

    private final SplittableRandom random = new SplittableRandom(20261);

    @Test
    void everyPositionSurvivesItsTextForm() {
        for (int i = 0; i < 10_000; i++) {
            Position position = any();
            assertThat(Position.parse(position.toString())).isEqualTo(position);
        }
    }

    @Test
    void positionsCompareAsOneUnsignedNumberOf128Bits() {
        for (int i = 0; i < 10_000; i++) {
            Position a = any();
            Position b = any();
            assertThat(Integer.signum(a.compareTo(b)))
                    .as("%s against %s", a, b)
                    .isEqualTo(number(a).compareTo(number(b)));
        }
    }

    @Test
    void startIsBelowAndEndAboveEverything() {
        for (int i = 0; i < 1_000; i++) {
            Position position = any();
            assertThat(Position.START.isAfter(position)).isFalse();
            assertThat(position.isAfter(Position.END)).isFalse();
        }
        assertThat(Position.END.isAfter(Position.START)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "+1",
                "01",
                "1:",
                ":1",
                "0:5",
                "1:2:3",
                "1.5",
                "18446744073709551616",
                "x",
                "1:-1",
                "٣",
                "1 ",
                "1:05"
            })
    void whatIsNotTheCanonicalFormIsRefused(String text) {
        assertThatThrownBy(() -> Position.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a position")
                .hasMessageContaining("expected");
    }

    private Position any() {
        long high = random.nextInt(3) == 0 ? 0 : random.nextLong() >>> random.nextInt(64);
        return new Position(high, random.nextLong() >>> random.nextInt(64));
    }

    private static BigInteger number(Position position) {
        return new BigInteger(Long.toUnsignedString(position.high()))
                .shiftLeft(64)
                .add(new BigInteger(Long.toUnsignedString(position.low())));
    }
}
