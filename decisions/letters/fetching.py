"""What a letter may load while it is drawn: our fonts, and nothing else in the world."""

from weasyprint.urls import URLFetcher, URLFetcherResponse

from . import fonts


class OurFilesOnly(URLFetcher):  # type: ignore[misc]
    """WeasyPrint's own fetcher makes HTTP requests and embeds local files. This one knows the
    addresses of our fonts by heart; any other ends the drawing (FatalURLFetchingError), because a
    letter that asks for something else is not the letter we wrote."""

    def __init__(self) -> None:
        super().__init__(timeout=1, allowed_protocols=(), allow_redirects=False)
        self._fail_on_errors = True

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """The bytes of a font. Raises PermissionError for every other address."""
        data = fonts.read(url)
        if data is None:
            raise PermissionError("not one of our files")
        return URLFetcherResponse(url, body=data, headers={"Content-Type": "font/woff2"})
