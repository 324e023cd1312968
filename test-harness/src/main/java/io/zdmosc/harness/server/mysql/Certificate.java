package io.zdmosc.harness.server.mysql;

import io.zdmosc.cli.server.Commands;
import io.zdmosc.cli.server.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * A key and a certificate signed with it, for 127.0.0.1. MariaDB would make them itself, but anew
 * at every start, which takes it many seconds.
 *
 * @param key the private key's file
 * @param certificate the certificate's file
 */
record Certificate(Path key, Path certificate) {
  private static final String PASSWORD = "changeit";

  static Certificate get() {
    Path folder = Programs.CACHE.get("certificate", Certificate::make);
    return new Certificate(folder.resolve("key.pem"), folder.resolve("certificate.pem"));
  }

  private static void make(Path folder) throws IOException {
    Path work = Files.createTempDirectory("zdm-osc-key");
    try {
      Path store = work.resolve("store.p12");
      Commands.run(
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
              "-genkeypair",
              "-alias",
              "server",
              "-keyalg",
              "RSA",
              "-keysize",
              "2048",
              "-validity",
              "3650",
              "-dname",
              "CN=127.0.0.1",
              "-ext",
              "san=ip:127.0.0.1",
              "-storetype",
              "PKCS12",
              "-storepass",
              PASSWORD,
              "-keystore",
              store.toString()));
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, PASSWORD.toCharArray());
      }
      byte[] key = keys.getKey("server", PASSWORD.toCharArray()).getEncoded();
      write(folder.resolve("key.pem"), "PRIVATE KEY", key);
      byte[] certificate = keys.getCertificate("server").getEncoded();
      write(folder.resolve("certificate.pem"), "CERTIFICATE", certificate);
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot make a certificate", e);
    } finally {
      Folders.delete(work);
    }
  }

  private static void write(Path file, String kind, byte[] content) throws IOException {
    byte[] newLine = "\n".getBytes(StandardCharsets.US_ASCII);
    String text = Base64.getMimeEncoder(64, newLine).encodeToString(content);
    Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }
}
