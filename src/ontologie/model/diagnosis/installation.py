"""The data folder, the settings, the move of the database: for the operator."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity

ENTRIES = (
    Diagnosis(
        code="HOME_NOT_WRITABLE",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The data folder {path} is not writable.",
            remedy="Give yourself the right to write there, or set ONTOLOGIE_HOME to another folder.",
        ),
        fr=Explanation(
            problem="Le dossier de données {path} n’est pas accessible en écriture.",
            remedy="Donnez-vous le droit d’y écrire, ou indiquez un autre dossier dans ONTOLOGIE_HOME.",
        ),
    ),
    Diagnosis(
        code="DATA_NEWER",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The data was written by a newer version (migration {found}, this one knows {known}).",
            remedy="Install the newer version again; nothing was changed.",
        ),
        fr=Explanation(
            problem="Les données ont été écrites par une version plus récente (migration {found}, celle-ci connaît"
            " {known}).",
            remedy="Réinstallez la version plus récente ; rien n’a été modifié.",
        ),
    ),
    Diagnosis(
        code="DATA_OTHER_POSTGRES",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The data folder {path} belongs to another PostgreSQL than version {major}.",
            remedy="Run ontologie upgrade-database, or set ONTOLOGIE_HOME to another folder; nothing was changed.",
        ),
        fr=Explanation(
            problem="Le dossier de données {path} appartient à un autre PostgreSQL que la version {major}.",
            remedy="Lancez ontologie upgrade-database, ou indiquez un autre ONTOLOGIE_HOME ; rien n’a été modifié.",
        ),
    ),
    Diagnosis(
        code="DATABASE_IN_USE",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="Another process of this installation is running.",
            remedy="Stop ontologie start, worker and web, then try again.",
        ),
        fr=Explanation(
            problem="Un autre processus de cette installation est en marche.",
            remedy="Arrêtez ontologie start, worker et web, puis recommencez.",
        ),
    ),
    Diagnosis(
        code="DATABASE_TOO_OLD",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The target is PostgreSQL {found}; the oldest that works is {least}.",
            remedy="Choose a newer PostgreSQL; nothing was changed.",
        ),
        fr=Explanation(
            problem="La cible est un PostgreSQL {found} ; le plus ancien qui convient est le {least}.",
            remedy="Choisissez un PostgreSQL plus récent ; rien n’a été modifié.",
        ),
    ),
    Diagnosis(
        code="MOVE_TARGET_TAKEN",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The target already holds schemas of these names: {schemas}.",
            remedy="Choose an empty database, or drop them there; nothing was changed.",
        ),
        fr=Explanation(
            problem="La cible contient déjà des schémas de ces noms : {schemas}.",
            remedy="Choisissez une base vide, ou supprimez-les là-bas ; rien n’a été modifié.",
        ),
    ),
    Diagnosis(
        code="MOVE_FAILED",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The copy stopped: {reason}",
            remedy="Mend that, then try again; the target has kept nothing, the data here is as it was.",
        ),
        fr=Explanation(
            problem="La copie s’est arrêtée : {reason}",
            remedy="Réglez cela, puis recommencez ; la cible n’a rien gardé, les données d’ici sont intactes.",
        ),
    ),
    Diagnosis(
        code="MOVE_INCOMPLETE",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="After the copy these tables differ: {tables}.",
            remedy="Drop the copy and try again; the data here is as it was.",
        ),
        fr=Explanation(
            problem="Après la copie, ces tables diffèrent : {tables}.",
            remedy="Supprimez la copie et recommencez ; les données d’ici sont intactes.",
        ),
    ),
    Diagnosis(
        code="NOT_EMBEDDED",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="This installation already uses a PostgreSQL of yours.",
            remedy="Move it with PostgreSQL’s own pg_dump and pg_restore, then change ONTOLOGIE_DATABASE_URL.",
        ),
        fr=Explanation(
            problem="Cette installation utilise déjà un PostgreSQL à vous.",
            remedy="Déplacez-le avec pg_dump et pg_restore, puis changez ONTOLOGIE_DATABASE_URL.",
        ),
    ),
    Diagnosis(
        code="NOTHING_TO_UPGRADE",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="There is no older database in {path}.",
            remedy="Nothing to do: ontologie start uses what is there.",
        ),
        fr=Explanation(
            problem="Il n’y a pas de base plus ancienne dans {path}.",
            remedy="Rien à faire : ontologie start utilise ce qui s’y trouve.",
        ),
    ),
    Diagnosis(
        code="OLD_POSTGRES_MISSING",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The data is PostgreSQL {major}’s, and its programs are not on this machine.",
            remedy="Install PostgreSQL {major} (on Debian its programs are then in {path}), then try again.",
        ),
        fr=Explanation(
            problem="Les données sont d’un PostgreSQL {major}, dont les programmes ne sont pas sur cette machine.",
            remedy="Installez PostgreSQL {major} (sous Debian, ses programmes sont alors dans {path}), puis"
            " recommencez.",
        ),
    ),
    Diagnosis(
        code="DATABASE_NOT_STARTED",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The embedded PostgreSQL did not start.",
            remedy="Its own words are in {path}.",
        ),
        fr=Explanation(
            problem="Le PostgreSQL embarqué n’a pas démarré.",
            remedy="Ses propres messages sont dans {path}.",
        ),
    ),
    Diagnosis(
        code="DATABASE_UNREACHABLE",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="PostgreSQL does not answer at the configured address.",
            remedy="Check ONTOLOGIE_DATABASE_URL and the server.",
        ),
        fr=Explanation(
            problem="PostgreSQL ne répond pas à l’adresse configurée.",
            remedy="Vérifiez ONTOLOGIE_DATABASE_URL et le serveur.",
        ),
    ),
    Diagnosis(
        code="DATABASE_ROLE_REFUSED",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The database user may not create the read-only role {role}.",
            remedy="Give it CREATEROLE, or have an administrator create the role.",
        ),
        fr=Explanation(
            problem="L’utilisateur de la base ne peut pas créer le rôle de lecture {role}.",
            remedy="Donnez-lui CREATEROLE, ou faites créer le rôle par un administrateur.",
        ),
    ),
    Diagnosis(
        code="PORT_TAKEN",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The port {port} is taken by another program.",
            remedy="Stop that program, or choose another port with ONTOLOGIE_{setting}.",
        ),
        fr=Explanation(
            problem="Le port {port} est pris par un autre programme.",
            remedy="Arrêtez ce programme, ou choisissez un autre port avec ONTOLOGIE_{setting}.",
        ),
    ),
    Diagnosis(
        code="SETTING_WRONG",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The setting {setting} is wrong: {reason}.",
            remedy="Correct it in the environment or in ontologie.toml.",
        ),
        fr=Explanation(
            problem="Le réglage {setting} est incorrect : {reason}.",
            remedy="Corrigez-le dans l’environnement ou dans ontologie.toml.",
        ),
    ),
    Diagnosis(
        code="SIMULATOR_NOT_STARTED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The simulated portal did not start on port {port}.",
            remedy="Free the port or set ONTOLOGIE_SIMULATOR_PORT to another one.",
        ),
        fr=Explanation(
            problem="Le portail simulé n’a pas démarré sur le port {port}.",
            remedy="Libérez le port ou donnez-en un autre avec ONTOLOGIE_SIMULATOR_PORT.",
        ),
    ),
    Diagnosis(
        code="INTERNAL_ERROR",
        severity=Severity.FAULT,
        effect=Effect.LATE,
        retry=Retry.GROWING,
        en=Explanation(
            problem="Something went wrong on our side.",
            remedy="Try again; the details are in the log.",
        ),
        fr=Explanation(
            problem="Quelque chose s’est mal passé de notre côté.",
            remedy="Réessayez ; les détails sont dans le journal.",
        ),
    ),
)
