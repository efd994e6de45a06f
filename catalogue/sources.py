"""The file of an edition, as any file with a list that is taken in after a preview."""

from portal.files.given import MOST_LINES, Refused, Source, put, table_of

__all__ = ["MOST_LINES", "Refused", "Source", "put", "table_of"]
