"""How one function is run over many batches. What the function does is no concern of an engine."""
