"""Every trouble a user can meet, with a stable code, told in English and French.

An error carries a code and parameters; :func:`explain` makes of them what happened, what it means for the data, what
to do step by step, where to click, and whether we try again by ourselves. The entries are in one module per family.
"""

from ontologie.model.diagnosis.catalogue import CATALOGUE
from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Language, Retry, Severity
from ontologie.model.diagnosis.telling import Situation, Told, explain

__all__ = [
    "CATALOGUE",
    "Diagnosis",
    "Effect",
    "Explanation",
    "Language",
    "Retry",
    "Severity",
    "Situation",
    "Told",
    "explain",
]
