package dev.polylog.servers.dynamodb;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** Whether a server answers a request, with whatever. Stateless and thread-safe. */
final class HttpAnswer {

    private static final int MILLIS = 2_000;

    private HttpAnswer() {}

    static boolean from(URI endpoint) {
        try {
            HttpURLConnection connection = (HttpURLConnection) endpoint.toURL().openConnection();
            connection.setConnectTimeout(MILLIS);
            connection.setReadTimeout(MILLIS);
            try {
                return connection.getResponseCode() > 0;
            } finally {
                connection.disconnect();
            }
        } catch (IOException notYet) {
            return false;
        }
    }
}
