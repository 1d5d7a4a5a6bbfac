package conformance;

import java.io.ByteArrayInputStream;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

/** Which rules of a standard a file breaks, by veraPDF. */
final class Conformance {
    private Conformance() {
    }

    static void start() {
        VeraGreenfieldFoundryProvider.initialise();
    }

    /** A JSON list: "clause-test" of each broken rule; what cannot be read breaks "unreadable". */
    static String broken(byte[] pdf, String standard) {
        PDFAFlavour flavour = PDFAFlavour.fromString(standard);
        var rules = new TreeSet<String>();
        try (var parser = Foundries.defaultInstance().createParser(new ByteArrayInputStream(pdf), flavour);
             var validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            for (TestAssertion one : validator.validate(parser).getTestAssertions()) {
                if (one.getStatus() == TestAssertion.Status.FAILED) {
                    rules.add(one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber());
                }
            }
        } catch (Exception | StackOverflowError error) {
            rules.add("unreadable");
        }
        return rules.stream().map(rule -> '"' + rule + '"').collect(Collectors.joining(",", "[", "]"));
    }
}
