"""The one cleaning of text, at every entry: fields of forms, commands, imports, file names."""

from portal.files.child.signs import line, text

__all__ = ["line", "text"]
