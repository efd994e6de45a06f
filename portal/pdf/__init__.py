"""HTML of ours to a PDF that is PDF/A-3a (for archives) and PDF/UA-1 (for everybody) at once."""

from portal.pdf.drawing import RenderingFailed, draw

__all__ = ["RenderingFailed", "draw"]
