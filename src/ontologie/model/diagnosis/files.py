"""Files that are written and read on request: exports and backups."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity

ENTRIES = (
    Diagnosis(
        code="FILE_IN_THE_WAY",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="{file} is there already.",
            remedy="Choose another name, or move it away: nothing is replaced.",
        ),
        fr=Explanation(
            problem="{file} existe déjà.",
            remedy="Choisissez un autre nom, ou déplacez-le : rien n’est remplacé.",
        ),
    ),
    Diagnosis(
        code="FILE_NOT_WRITABLE",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="{file} cannot be written.",
            remedy="Choose a folder that you may write to.",
        ),
        fr=Explanation(
            problem="{file} ne peut pas être écrit.",
            remedy="Choisissez un dossier où vous avez le droit d’écrire.",
        ),
    ),
    Diagnosis(
        code="FORMAT_UNKNOWN",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="“{format}” is no format of exports.",
            remedy="Choose one of {known}, by --format or by the ending of the file.",
        ),
        fr=Explanation(
            problem="« {format} » n’est pas un format d’export.",
            remedy="Choisissez-en un parmi {known}, avec --format ou par la fin du nom du fichier.",
        ),
    ),
    Diagnosis(
        code="NOTHING_TO_EXPORT",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="{source} has no table to export yet.",
            remedy="Sync it first: ontologie sync {source}.",
        ),
        fr=Explanation(
            problem="{source} n’a pas encore de table à exporter.",
            remedy="Synchronisez-la d’abord : ontologie sync {source}.",
        ),
    ),
    Diagnosis(
        code="EXTRA_MISSING",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="This needs the library {extra}, which is not installed.",
            remedy="Install it beside Ontologie: pip install {extra}.",
        ),
        fr=Explanation(
            problem="Il faut pour cela la bibliothèque {extra}, qui n’est pas installée.",
            remedy="Installez-la à côté d’Ontologie : pip install {extra}.",
        ),
    ),
)
