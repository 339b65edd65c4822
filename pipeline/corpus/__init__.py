"""What needs more than one document, or judges a whole one: duplicates, quality."""
