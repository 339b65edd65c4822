"""The report: what a run did at a glance, and each document before and after, as a page that a browser opens from disk.

Here belongs everything that is derived from a published dataset to be looked at, and nothing else: neither the stages
nor the raw files are read, so what is masked in the tables is masked in the report.
"""

from pipeline.report.writing import FOLDER, MOST_DOCUMENTS, PAGES, Written, write_report

__all__ = ["FOLDER", "MOST_DOCUMENTS", "PAGES", "Written", "write_report"]
