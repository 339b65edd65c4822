"""One container format a file: it finds and unpacks documents, and alters no byte."""
