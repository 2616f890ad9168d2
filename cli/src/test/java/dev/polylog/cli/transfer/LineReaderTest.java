package dev.polylog.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {

    private static List<String> read(String text, int maxLength) throws IOException {
        LineReader reader = new LineReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), maxLength);
        List<String> lines = new ArrayList<>();
        while (reader.next()) {
            byte[] bytes = reader.bytes();
            lines.add(reader.number() + ":" + (bytes == null ? "too long" : new String(bytes, StandardCharsets.UTF_8)));
        }
        return lines;
    }

    @Test
    void lines_end_at_line_breaks_and_at_the_end() throws IOException {
        assertThat(read("a\n\nb", 10)).containsExactly("1:a", "2:", "3:b");
        assertThat(read("a\n", 10)).containsExactly("1:a");
        assertThat(read("", 10)).isEmpty();
    }

    @Test
    void a_byte_order_mark_is_left_out_at_the_beginning_only() throws IOException {
        assertThat(read("\uFEFFa\n\uFEFFb", 10)).containsExactly("1:a", "2:\uFEFFb");
    }

    @Test
    void a_line_that_is_too_long_is_passed_over() throws IOException {
        assertThat(read("12345\n123456\n1", 5)).containsExactly("1:12345", "2:too long", "3:1");
        assertThat(read("1\n" + "x".repeat(500_000) + "\n2", 200_000)).containsExactly("1:1", "2:too long", "3:2");
    }

    @Test
    void lines_of_any_length_come_back_whole() throws IOException {
        Random random = new Random(7);
        List<String> expected = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= 50; i++) {
            String line = "y".repeat(random.nextInt(150_000));
            expected.add(i + ":" + line);
            text.append(line).append('\n');
        }
        assertThat(read(text.toString(), 1 << 20)).isEqualTo(expected);
    }
}
