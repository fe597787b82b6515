"""What a log must not keep: whoever reads a participant's link there could open the participant's page."""

from __future__ import annotations

import logging
import re

TOKEN = re.compile(r"(/p/)(?!report/|visit/|leave/)[A-Za-z0-9_-]+")


class WithoutTokens(logging.Filter):
    """Puts an ellipsis where a line names a link's token, whoever writes the line (T31)."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = TOKEN.sub(r"\1…", record.getMessage()), ()
        return True
