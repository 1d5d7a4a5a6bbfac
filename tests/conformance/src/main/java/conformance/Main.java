package conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Paths on standard input, one line of JSON for each on standard output; ends with the input. */
public final class Main {
    private Main() {
    }

    public static void main(String[] arguments) throws IOException {
        Conformance.start();
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            System.out.println(answer(Files.readAllBytes(Path.of(line))));
            System.out.flush();
        }
    }

    private static String answer(byte[] pdf) {
        return "{\"pdfa3a\":" + Conformance.broken(pdf, "3a") + ",\"pdfua1\":" + Conformance.broken(pdf, "ua1")
            + ",\"signatures\":" + Signatures.check(pdf) + "}";
    }
}
