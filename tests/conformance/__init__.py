"""Validators of others that are written in Java: veraPDF, PDFBox with Bouncy Castle."""
