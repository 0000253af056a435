"""Entities and their links."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity

ENTRIES = (
    Diagnosis(
        code="ENTITY_NAME_MALFORMED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="“{name}” cannot be an entity's name.",
            remedy="Use 1 to {most} letters, digits, spaces or signs.",
        ),
        fr=Explanation(
            problem="« {name} » ne peut pas être le nom d’une entité.",
            remedy="Utilisez de 1 à {most} lettres, chiffres, espaces ou signes.",
        ),
    ),
)
