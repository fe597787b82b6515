"""Who is who: finds a person again without telling who it is."""

from __future__ import annotations

import hmac
import re
import unicodedata

from django.conf import settings


def person(study: str, name: str, birth_year: int) -> str:
    """A keyed hash of the name and the year of birth, its own in each study.

    Case, accents, punctuation and the order of the names do not matter: "Meyer, Änne" is "anne meyer".
    """
    letters = unicodedata.normalize("NFKD", name).casefold()
    bare = "".join(sign for sign in letters if not unicodedata.combining(sign))
    words = sorted(re.findall(r"\w+", bare))
    text = "\0".join([study, *words, str(birth_year)])
    return hmac.new(settings.IDENTITY_KEY.encode(), text.encode(), "sha256").hexdigest()
