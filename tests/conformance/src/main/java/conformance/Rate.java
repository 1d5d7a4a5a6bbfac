package conformance;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Calendar;
import java.util.List;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** Signatures a second by PDFBox: a PDF, a key (PKCS#8 DER), its certificate (DER), seconds for each line of input. */
public final class Rate {
    private Rate() {
    }

    public static void main(String[] arguments) throws Exception {
        byte[] pdf = Files.readAllBytes(Path.of(arguments[0]));
        byte[] pkcs8 = Files.readAllBytes(Path.of(arguments[1]));
        PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        var der = new ByteArrayInputStream(Files.readAllBytes(Path.of(arguments[2])));
        var certificate = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(der);
        var generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
            .build(new JcaContentSignerBuilder("SHA256withRSA").build(key), certificate));
        generator.addCertificates(new JcaCertStore(List.of(certificate)));
        double seconds = Double.parseDouble(arguments[3]);
        perSecond(pdf, generator, 3 * seconds);
        while (System.in.read() == '\n') {
            System.out.println(perSecond(pdf, generator, seconds));
        }
    }

    private static double perSecond(byte[] pdf, CMSSignedDataGenerator generator, double seconds) throws Exception {
        long begun = System.nanoTime();
        int count = 0;
        for (; System.nanoTime() - begun < seconds * 1e9; count++) {
            sign(pdf, generator);
        }
        return count / ((System.nanoTime() - begun) / 1e9);
    }

    private static void sign(byte[] pdf, CMSSignedDataGenerator generator) throws Exception {
        var output = new ByteArrayOutputStream(pdf.length + (1 << 16));
        try (PDDocument document = Loader.loadPDF(pdf)) {
            var signature = new PDSignature();
            signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
            signature.setSubFilter(COSName.getPDFName("ETSI.CAdES.detached"));
            signature.setSignDate(Calendar.getInstance());
            document.addSignature(signature, content -> {
                try {
                    return generator.generate(new CMSProcessableByteArray(content.readAllBytes()), false).getEncoded();
                } catch (Exception error) {
                    throw new IllegalStateException(error);
                }
            });
            document.saveIncremental(output);
        }
    }
}
