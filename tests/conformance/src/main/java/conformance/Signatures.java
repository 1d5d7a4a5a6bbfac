package conformance;

import java.io.IOException;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tsp.TimeStampToken;

/** Every signature of a file, as PDFBox finds it and Bouncy Castle checks it. */
final class Signatures {
    static {
        Security.addProvider(new BouncyCastleProvider());
    }

    private Signatures() {
    }

    /** A JSON list of {kind, intact, whole, permission}; what cannot be read is an empty list. */
    static String check(byte[] pdf) {
        List<String> found = new ArrayList<>();
        try (PDDocument document = Loader.loadPDF(pdf)) {
            for (PDSignature signature : document.getSignatureDictionaries()) {
                found.add(told(signature, pdf));
            }
        } catch (IOException error) {
            return "[]";
        }
        return "[" + String.join(",", found) + "]";
    }

    private static String told(PDSignature signature, byte[] pdf) {
        int[] range = signature.getByteRange();
        boolean whole = range.length == 4 && range[0] == 0 && range[2] + range[3] == pdf.length;
        boolean stamp = "ETSI.RFC3161".equals(signature.getSubFilter());
        return "{\"kind\":\"" + (stamp ? "timestamp" : "signature") + "\",\"intact\":" + intact(signature, pdf, stamp)
            + ",\"whole\":" + whole + ",\"permission\":" + permission(signature) + "}";
    }

    private static boolean intact(PDSignature signature, byte[] pdf, boolean stamp) {
        try {
            byte[] content = signature.getSignedContent(pdf);
            byte[] contents = signature.getContents(pdf);
            if (stamp) {
                var token = new TimeStampToken(new CMSSignedData(contents));
                var name = token.getTimeStampInfo().getHashAlgorithm().getAlgorithm().getId();
                byte[] digest = java.security.MessageDigest.getInstance(name, "BC").digest(content);
                return java.util.Arrays.equals(digest, token.getTimeStampInfo().getMessageImprintDigest())
                    && verified(token.toCMSSignedData());
            }
            return verified(new CMSSignedData(new CMSProcessableByteArray(content), contents));
        } catch (Exception error) {
            return false;
        }
    }

    private static boolean verified(CMSSignedData data) throws Exception {
        for (SignerInformation signer : data.getSignerInfos()) {
            @SuppressWarnings("unchecked")
            var certificates = data.getCertificates().getMatches(signer.getSID());
            var certificate = (X509CertificateHolder) certificates.iterator().next();
            var verifier = new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(certificate);
            if (!signer.verify(verifier)) {
                return false;
            }
        }
        return data.getSignerInfos().size() == 1;
    }

    /** P of DocMDP (ISO 32000-1 12.8.2.2); 0 for a signature that does not certify. */
    private static int permission(PDSignature signature) {
        if (!(signature.getCOSObject().getDictionaryObject(COSName.getPDFName("Reference")) instanceof COSArray list)) {
            return 0;
        }
        var reference = (COSDictionary) list.getObject(0);
        var parameters = reference.getCOSDictionary(COSName.getPDFName("TransformParams"));
        return parameters == null ? 0 : parameters.getInt("P", 2);
    }
}
