"""Which codec the bytes of a file are in: what speaks for each, and what follows from it."""
