"""An upload that never touches a disk: for the page that keeps nothing."""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload


class OnlyInMemory(FileUploadHandler):
    """Takes one file of at most `largest` bytes into memory. Of a larger one it keeps nothing,
    stops reading, and says so in `too_large`."""

    def __init__(self, request: Any, largest: int) -> None:
        super().__init__(request)
        self.largest = largest
        self.too_large = False
        # Somebody who sends a little too much gets an answer; a flood is cut off.
        self.flood = int(request.META.get("CONTENT_LENGTH") or 0) > 3 * largest
        self.files = 0
        self.buffer = io.BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begins with a file; a second one in the same form is not taken."""
        super().new_file(*args, **kwargs)
        self.files += 1
        if self.files > 1:
            raise SkipFile
        self.buffer = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keeps a piece, until it is too much."""
        if start + len(raw_data) > self.largest:
            self.too_large = True
            self.buffer = io.BytesIO()
            raise StopUpload(connection_reset=self.flood)
        self.buffer.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The whole file, in memory."""
        self.buffer.seek(0)
        return InMemoryUploadedFile(
            file=self.buffer,
            field_name=self.field_name,
            name=self.file_name,
            content_type="application/octet-stream",
            size=file_size,
            charset=None,
        )
