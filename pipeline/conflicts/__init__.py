"""Merge conflicts: the grammar of their markers, the signs of a text about them, and merging by line."""
