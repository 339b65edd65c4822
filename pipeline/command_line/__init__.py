"""What a person types and reads, apart from what the commands do: that is said in :mod:`pipeline.__main__`."""
