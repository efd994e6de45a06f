"""Which files are taken, how much of one is opened, and why it is refused. Pure."""

OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "pdf": "application/pdf",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "csv": "text/csv",
    "txt": "text/plain",
}
MOST_BYTES = 100 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_MEMBERS = 5_000
MOST_RATIO = 200
MOST_PAGES = 5_000
MOST_PIXELS = 600_000_000  # of one picture: a map of one square metre at 600 dots an inch
OLE = b"\xd0\xcf\x11\xe0"  # how the older office files, and objects inside newer ones, begin


class Refused(Exception):
    """The file is not taken; the argument is the code of the reason: empty, large, type, unreadable,
    encrypted, macro (holds macros or scripts), embedded (holds other files or programs), links
    (fetches something from elsewhere), bomb."""
