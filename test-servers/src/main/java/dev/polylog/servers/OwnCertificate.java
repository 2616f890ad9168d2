package dev.polylog.servers;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/**
 * A certificate that a test's server shows to its clients: for the address 127.0.0.1 and no other name, and signed by nobody
 * else, so that only who was given it trusts it. The JDK's {@code keytool} makes it.
 *
 * <p>Immutable and thread-safe.
 */
public final class OwnCertificate {

    private static final String ALIAS = "server";

    private final Path keyStore;
    private final Path certificate;
    private final String password = UUID.randomUUID().toString();

    private OwnCertificate(Path folder) {
        this.keyStore = folder.resolve("server.p12");
        this.certificate = folder.resolve("server.pem");
    }

    /**
     * Makes a new one.
     *
     * @param folder where its files are to lie
     * @return a certificate with its key
     * @throws ServerFailure if it cannot be made
     */
    public static OwnCertificate make(Path folder) {
        OwnCertificate made = new OwnCertificate(folder);
        made.keytool(List.of(
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-dname",
                "CN=test server",
                "-ext",
                "SAN=IP:127.0.0.1",
                "-storetype",
                "PKCS12"));
        made.keytool(List.of("-exportcert", "-rfc", "-alias", ALIAS, "-file", made.certificate.toString()));
        return made;
    }

    private void keytool(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(arguments);
        command.addAll(List.of("-keystore", keyStore.toString(), "-storepass", password));
        Shell.Result result = Shell.run(command);
        if (result.exit() != 0) {
            throw new ServerFailure("cannot make a certificate: keytool ended with " + result.exit() + ": "
                    + result.output().replace(password, "***"));
        }
    }

    /**
     * The key and the certificate, for the server.
     *
     * @return a PKCS#12 file
     */
    public Path keyStore() {
        return keyStore;
    }

    /**
     * What the key store is opened with.
     *
     * @return the password of the store and of the key in it
     */
    public String password() {
        return password;
    }

    /**
     * The key and the certificate, for a server in this process.
     *
     * @return what a TLS engine asks for them
     * @throws ServerFailure if the key store cannot be read
     */
    public KeyManager[] keys() {
        try {
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(stored(), password.toCharArray());
            return managers.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw unreadable(e);
        }
    }

    /**
     * The key alone, for a server that reads such a file.
     *
     * @return the key as PEM
     * @throws ServerFailure if the key store cannot be read
     */
    public String keyAsPem() {
        try {
            byte[] key = stored().getKey(ALIAS, password.toCharArray()).getEncoded();
            String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
            return "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n";
        } catch (GeneralSecurityException e) {
            throw unreadable(e);
        }
    }

    private KeyStore stored() throws GeneralSecurityException {
        try {
            return KeyStore.getInstance(keyStore.toFile(), password.toCharArray());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private ServerFailure unreadable(Exception e) {
        return new ServerFailure("cannot read the key store " + keyStore, e);
    }

    /**
     * The certificate alone, for clients that are to trust it.
     *
     * @return a PEM file
     */
    public Path certificate() {
        return certificate;
    }
}
