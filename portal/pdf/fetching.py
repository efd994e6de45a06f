"""What a letter may load while it is drawn: nothing. Fonts come from fonts.py, not by address."""

from weasyprint.urls import URLFetcher, URLFetcherResponse


class Nothing(URLFetcher):  # type: ignore[misc]
    """WeasyPrint's own fetcher makes HTTP requests and embeds local files. A letter refers to no
    file at all, so the list of what is allowed is empty, and asking ends the drawing
    (FatalURLFetchingError): a letter that asks for something is not the letter we wrote."""

    def __init__(self) -> None:
        super().__init__(timeout=1, allowed_protocols=(), allow_redirects=False)
        self._fail_on_errors = True

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Raises PermissionError for every address."""
        raise PermissionError("a letter loads nothing")
