"""The ``todoke`` command: status of the whole, verification of documents, and the journey of the demo."""
