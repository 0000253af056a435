"""What a sync stands on: the database, the disk, the clock, a worker."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity

ENTRIES = (
    Diagnosis(
        code="STORE_UNREACHABLE",
        severity=Severity.WARNING,
        effect=Effect.INSTALLATION,
        retry=Retry.GROWING,
        en=Explanation(
            problem="The database does not answer.",
            remedy="Check that PostgreSQL runs (ontologie doctor); the sync goes on from its last commit.",
            steps=(
                "Run ontologie doctor: it says whether PostgreSQL answers.",
                "With the embedded PostgreSQL, run ontologie start; with one of yours, start it and check"
                " ONTOLOGIE_DATABASE_URL.",
                "Nothing else: the sync goes on from its last commit.",
            ),
        ),
        fr=Explanation(
            problem="La base de données ne répond pas.",
            remedy="Vérifiez que PostgreSQL tourne (ontologie doctor) ; la synchronisation reprend à son dernier"
            " commit.",
            steps=(
                "Lancez ontologie doctor : la commande dit si PostgreSQL répond.",
                "Avec le PostgreSQL intégré, lancez ontologie start ; avec le vôtre, démarrez-le et vérifiez"
                " ONTOLOGIE_DATABASE_URL.",
                "Rien d’autre : la synchronisation reprend à son dernier commit.",
            ),
        ),
    ),
    Diagnosis(
        code="STORE_LOCKED",
        severity=Severity.WARNING,
        effect=Effect.LATE,
        retry=Retry.GROWING,
        en=Explanation(
            problem="Another session of PostgreSQL keeps tables of this source locked.",
            remedy="End its transaction, or wait until it ends: the sync goes on from its last commit.",
            steps=(
                "Find the session: SELECT pid, usename, application_name, xact_start, query FROM pg_stat_activity"
                " WHERE xact_start < now() - make_interval(mins => 1) ORDER BY xact_start. The oldest is most likely"
                " it: an editor or a BI tool with an open transaction.",
                "Commit there, or end the session: SELECT pg_terminate_backend(pid).",
                "Nothing else: the sync goes on from its last commit.",
            ),
        ),
        fr=Explanation(
            problem="Une autre session de PostgreSQL garde des tables de cette source verrouillées.",
            remedy="Terminez sa transaction, ou attendez qu’elle finisse : la synchronisation reprend à son dernier"
            " commit.",
            steps=(
                "Trouvez la session : SELECT pid, usename, application_name, xact_start, query FROM pg_stat_activity"
                " WHERE xact_start < now() - make_interval(mins => 1) ORDER BY xact_start. C’est très probablement la"
                " plus ancienne, celle d’un éditeur ou d’un outil de BI avec une transaction ouverte.",
                "Validez-y la transaction, ou terminez la session : SELECT pg_terminate_backend(pid).",
                "Rien d’autre : la synchronisation reprend à son dernier commit.",
            ),
        ),
    ),
    Diagnosis(
        code="DISK_NEARLY_FULL",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEXT_RUN,
        en=Explanation(
            problem="The disk of the database is nearly full: syncs wait, so that the database survives.",
            remedy="Free some space: syncs go on by themselves, and nothing stored is lost.",
            steps=(
                "See what takes the room: Monitoring shows the size of each source, df -h that of the disk.",
                "Free some space or enlarge the disk; never delete files of PostgreSQL by hand.",
                "Nothing else: syncs go on by themselves once there is room.",
            ),
        ),
        fr=Explanation(
            problem="Le disque de la base de données est presque plein : les synchronisations attendent, pour que la"
            " base survive.",
            remedy="Libérez de la place : les synchronisations reprennent d’elles-mêmes, et rien de ce qui est"
            " enregistré n’est perdu.",
            steps=(
                "Voyez ce qui prend la place : Monitoring montre la taille de chaque source, df -h celle du disque.",
                "Libérez de la place ou agrandissez le disque ; ne supprimez jamais à la main des fichiers de"
                " PostgreSQL.",
                "Rien d’autre : les synchronisations reprennent d’elles-mêmes dès qu’il y a de la place.",
            ),
        ),
    ),
    Diagnosis(
        code="CLOCK_SKEW",
        severity=Severity.ACTION,
        effect=Effect.OWN,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The clock of this machine differs from HubSpot's by {seconds} s.",
            remedy="Set the clock, and let the machine keep it by itself (NTP: timedatectl set-ntp true).",
            steps=(
                "Look at the machine's clock: timedatectl.",
                "Let it keep itself right: timedatectl set-ntp true.",
                "Look again with ontologie doctor.",
            ),
            data="With a clock that is ahead, changes may be looked for in the wrong window, and be found only by the"
            " next full check.",
        ),
        fr=Explanation(
            problem="L’horloge de cette machine diffère de celle de HubSpot de {seconds} s.",
            remedy="Mettez-la à l’heure, et laissez la machine s’en charger (NTP : timedatectl set-ntp true).",
            steps=(
                "Regardez l’horloge de la machine : timedatectl.",
                "Laissez-la se régler d’elle-même : timedatectl set-ntp true.",
                "Vérifiez avec ontologie doctor.",
            ),
            data="Avec une horloge en avance, des modifications peuvent être cherchées dans la mauvaise fenêtre, et"
            " n’être trouvées que par le prochain contrôle complet.",
        ),
    ),
    Diagnosis(
        code="WORKER_MISSING",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="No worker is running, so no source is synced by itself.",
            remedy="Run ontologie start, or ontologie worker where the pages run apart.",
            steps=(
                "On one machine, run ontologie start: it serves the pages and works.",
                "Where the pages run apart, run ontologie worker, and let the system keep it running.",
                "Look again with ontologie doctor: the worker is seen within a minute.",
            ),
        ),
        fr=Explanation(
            problem="Aucun processus de travail ne tourne : aucune source n’est synchronisée d’elle-même.",
            remedy="Lancez ontologie start, ou ontologie worker là où les pages tournent à part.",
            steps=(
                "Sur une seule machine, lancez ontologie start : la commande sert les pages et travaille.",
                "Là où les pages tournent à part, lancez ontologie worker, et laissez le système le maintenir en"
                " marche.",
                "Vérifiez avec ontologie doctor : le processus est vu en moins d’une minute.",
            ),
        ),
    ),
)
