"""What gunicorn itself says, as discreetly as the portal: it would write addresses and errors."""

from typing import Any

from gunicorn.glogging import Logger

from portal.logs import Discreet


class Log(Logger):
    """gunicorn's log with our formatter (`logger_class` of portal/gunicorn.py)."""

    def setup(self, cfg: Any) -> None:
        """Called by gunicorn when it starts and when it reads its configuration again."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Discreet())
