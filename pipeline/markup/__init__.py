"""HTML as text: where its tags are, whether a text is a page at all, and how its lines lie when the tags are gone."""
