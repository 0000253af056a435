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
            remedy="Choisissez un autre nom, ou déplacez-le : rien n’est remplacé.",
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
        code="FILE_NO_ROOM",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="{file} does not fit on its disk.",
            remedy="Free some space there, or choose another disk; nothing is left of the file.",
        ),
        fr=Explanation(
            problem="{file} ne tient pas sur son disque.",
            remedy="Libérez-y de la place, ou choisissez un autre disque ; il ne reste rien du fichier.",
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
            problem="« {format} » n’est pas un format d’export.",
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
            remedy="Synchronisez-la d’abord : ontologie sync {source}.",
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
            remedy="Installez-la à côté d’Ontologie : pip install {extra}.",
        ),
    ),
    Diagnosis(
        code="BACKUP_FAILED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="{program} did not succeed: {reason}",
            remedy="Nothing has changed. Mend what it says, then try again.",
        ),
        fr=Explanation(
            problem="{program} n’a pas abouti : {reason}",
            remedy="Rien n’a changé. Corrigez ce qu’il indique, puis recommencez.",
        ),
    ),
    Diagnosis(
        code="BACKUP_UNREADABLE",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="{file} is not a whole backup of Ontologie.",
            remedy="Give the file that ontologie backup has written.",
        ),
        fr=Explanation(
            problem="{file} n’est pas une sauvegarde complète d’Ontologie.",
            remedy="Donnez le fichier qu’ontologie backup a écrit.",
        ),
    ),
    Diagnosis(
        code="RESTORE_IN_USE",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="Something of Ontologie is running on this database.",
            remedy="Stop ontologie start and all workers, then restore.",
        ),
        fr=Explanation(
            problem="Un programme d’Ontologie utilise cette base de données.",
            remedy="Arrêtez ontologie start et tous les workers, puis restaurez.",
        ),
    ),
)
