"""What a dataset says about itself: a card for people in two languages, Croissant and a data package for programs.

All of it follows from the data dictionary and the figures of the run. Nothing here reads a document.
"""
