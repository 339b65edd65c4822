"""What a document says about itself: how dates, names and numbers are written, and which of them make the columns."""
