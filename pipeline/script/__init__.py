"""Chinese script: which one a text is written in, and conversion from one to another.

Here belong facts about characters and the speed of finding and converting them; they come from the dictionaries of the
installed OpenCC package and from the data files that correct them. When to convert, and the account of what changed,
belong to :mod:`pipeline.steps.script`.
"""
