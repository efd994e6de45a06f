"""Reads the settings of agency.toml and says which of them cannot be."""

from zoneinfo import available_timezones

from applications.completeness import Severity
from applications.schemes.form_reader import FormReader

AGENCY_KEYS = frozenset(
    [
        "types",
        "code",
        "version",
        "open",
        "country",
        "currency",
        "languages",
        "letter_languages",
        "timezone",
        "search_config",
        "case_number",
        "name",
        "short_name",
        "about",
        "unit",
        "contact",
        "letterhead",
        "theme",
        "known",
        "approval_sources",
        "numbered_approvals",
        "declaration",
        "outcomes",
        "law",
        "severities",
        "sources",
        "checks",
        "script_banks",
        "project",
        "handoffs",
        "approval_lists",
    ]
)


class SettingsReader(FormReader):
    """The agency's settings, beside the forms."""

    def check_settings(self) -> None:
        """Notes what is missing or unknown, a time zone that does not exist, and case numbers that
        would not be unique."""
        agency = self.agency
        self.only("agency.toml", agency, AGENCY_KEYS)
        for key in ("code", "version", "timezone", "case_number", "languages", "letter_languages"):
            if not agency.get(key):
                self.wrong("agency.toml", f"{key} is missing")
        zone, number = agency.get("timezone"), agency.get("case_number")
        if zone and zone not in available_timezones():
            self.wrong("agency.toml", f"unknown timezone {zone!r}")
        try:
            made = {
                str(number).format(agency=agency.get("code", ""), year=year, number=count)
                for year, count in ((2026, 1), (2026, 2), (2027, 1))
            }
        except (LookupError, ValueError, AttributeError) as error:
            self.wrong("agency.toml", f"case_number {number!r} cannot be filled in: {error}")
        else:
            if number and len(made) < 3:
                self.wrong("agency.toml", f"case_number {number!r} needs both year and number")

    def check_rules_settings(self) -> None:
        """Notes severities and sources that mean nothing."""
        agency = self.agency
        for rule_id, severity in agency.get("severities", {}).items():
            if rule_id not in self.rules:
                self.wrong("severities", f"unknown rule {rule_id}")
            if severity not in set(Severity):
                self.wrong("severities", f"unknown severity {severity!r} of {rule_id}")
        for mark, title in agency.get("sources", {}).items():
            if not (isinstance(title, str) and title.strip()):
                self.wrong(f"source {mark}", "does not say what it is")

    def check_script_banks(self) -> None:
        """Notes columns of script_banks that no list of variables has."""
        lists = [p for p, f in self.by_path.items() if f.type == "rows" and f.takes_script]
        columns = {c.path for p in lists for c in self.by_path[p].columns}
        for bank, row in self.agency.get("script_banks", {}).items():
            self.only(f"agency.toml script_banks {bank!r}", row, columns)
