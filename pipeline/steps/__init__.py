"""One cleaning concern a file: steps that return edits and findings, with their rules; word lists stand in data/."""
