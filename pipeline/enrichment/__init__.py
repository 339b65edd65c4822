"""What researchers look for in a text, as rows that point to their words: documents named, targets, issuers."""
