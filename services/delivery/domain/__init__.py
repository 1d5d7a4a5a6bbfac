"""What delivery knows of its trade: recipients and their consent, notices, the inbox, paper, appeals."""
