"""People and programs: roles, passwords, API keys."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity

ENTRIES = (
    Diagnosis(
        code="PERMISSION_MISSING",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="This needs the role {needed}; yours is {role}.",
            remedy="Ask someone with that role to do it, or an owner to change yours (Settings > Users).",
        ),
        fr=Explanation(
            problem="Ceci demande le rôle {needed} ; le vôtre est {role}.",
            remedy="Demandez-le à quelqu’un qui a ce rôle, ou à un propriétaire de changer le vôtre (Réglages >"
            " Utilisateurs).",
        ),
    ),
)
