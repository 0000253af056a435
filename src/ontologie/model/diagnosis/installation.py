"""The machine, the database, the settings: for the operator."""

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
        ),
        fr=Explanation(
            problem="La base de données ne répond pas.",
            remedy="Vérifiez que PostgreSQL tourne (ontologie doctor) ; la synchronisation reprend à son dernier"
            " commit.",
        ),
    ),
    Diagnosis(
        code="DISK_NEARLY_FULL",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The disk of the database is full.",
            remedy="Free some space, then sync again; nothing stored is lost.",
        ),
        fr=Explanation(
            problem="Le disque de la base de données est plein.",
            remedy="Libérez de la place, puis relancez ; rien de ce qui est enregistré n’est perdu.",
        ),
    ),
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
            remedy="Réinstallez la version plus récente ; rien n’a été modifié.",
        ),
    ),
    Diagnosis(
        code="DATA_OTHER_POSTGRES",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The data folder {path} belongs to another PostgreSQL than version {major}.",
            remedy="Install the version that made it, or set ONTOLOGIE_HOME to another folder; nothing was changed.",
        ),
        fr=Explanation(
            problem="Le dossier de données {path} appartient à un autre PostgreSQL que la version {major}.",
            remedy="Installez la version qui l’a créé, ou indiquez un autre ONTOLOGIE_HOME ; rien n’a été modifié.",
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
            problem="Le réglage {setting} est incorrect : {reason}.",
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
            remedy="Réessayez ; les détails sont dans le journal.",
        ),
    ),
)
