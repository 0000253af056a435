"""The environment of the programs that we start: where things are and how to speak, and nothing that is secret."""

import os

_PASSED_ON = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "LD_LIBRARY_PATH")
_FAMILIES = ("LC_", "PG", "PYTHON", "SSL_")


def for_children(password: str = "") -> dict[str, str]:
    """What a program of PostgreSQL's or the simulated portal gets, with the password of a database where it needs one.

    Keys, tokens and other passwords stay with us, whatever they are called: PostgreSQL runs longer than we do, as
    another user where we are root, and shows its environment to who may read files in SQL.
    """
    kept = {name: value for name, value in os.environ.items() if name in _PASSED_ON or name.startswith(_FAMILIES)}
    return kept | ({"PGPASSWORD": password} if password else {})
