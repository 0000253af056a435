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
    Diagnosis(
        code="ENTITY_UNKNOWN",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(problem="There is no entity {entity}.", remedy="Reload the page and choose again."),
        fr=Explanation(problem="L’entité {entity} n’existe pas.", remedy="Rechargez la page et choisissez de nouveau."),
    ),
)
