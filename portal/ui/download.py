"""Handing out stored files so that a browser can only save them."""

from django.http import FileResponse

from portal import store


def file_response(digest: str, filename: str, content_type: str) -> FileResponse:
    """The stored object as a download named `filename`, with a type that the server chose.

    Raises FileNotFoundError when the object is not in the store.
    """
    response = FileResponse(
        store.open_object(digest),
        as_attachment=True,
        filename=filename,
        content_type=content_type or "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
