"""The database itself: for the operator."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity

ENTRIES = (
    Diagnosis(
        code="DATA_NEWER",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The data was written by a newer version (migration {found}, this one knows {known}).",
            remedy="Install the newer version again; nothing was changed.",
            steps=(
                "Install the newer version again: nothing was changed.",
                "To stay with this one, restore a backup that it made: ontologie restore.",
            ),
        ),
        fr=Explanation(
            problem="Les données ont été écrites par une version plus récente (migration {found}, celle-ci connaît"
            " {known}).",
            remedy="Réinstallez la version plus récente ; rien n’a été modifié.",
            steps=(
                "Réinstallez la version plus récente : rien n’a été modifié.",
                "Pour rester à celle-ci, restaurez une sauvegarde qu’elle a faite : ontologie restore.",
            ),
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
            steps=(
                "Stop everything of this installation.",
                "Run ontologie upgrade-database: it copies the data to PostgreSQL {major} and keeps the old folder.",
                "Start again.",
            ),
        ),
        fr=Explanation(
            problem="Le dossier de données {path} appartient à un autre PostgreSQL que la version {major}.",
            remedy="Lancez ontologie upgrade-database, ou indiquez un autre ONTOLOGIE_HOME ; rien n’a été modifié.",
            steps=(
                "Arrêtez tout ce qui tourne de cette installation.",
                "Lancez ontologie upgrade-database : les données sont copiées vers PostgreSQL {major} et l’ancien"
                " dossier est gardé.",
                "Redémarrez.",
            ),
        ),
    ),
    Diagnosis(
        code="DATABASE_IN_USE",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="Another process of this installation is running.",
            remedy="Stop ontologie start, worker and web, then try again.",
            steps=(
                "Stop ontologie start, worker and web, on every machine that uses this data folder.",
                "Run the command again.",
            ),
        ),
        fr=Explanation(
            problem="Un autre processus de cette installation est en marche.",
            remedy="Arrêtez ontologie start, worker et web, puis recommencez.",
            steps=(
                "Arrêtez ontologie start, worker et web, sur chaque machine qui utilise ce dossier de données.",
                "Relancez la commande.",
            ),
        ),
    ),
    Diagnosis(
        code="DATABASE_TOO_OLD",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="This server is PostgreSQL {found}; the oldest that works is {least}.",
            remedy="Choose a newer PostgreSQL; nothing was changed.",
            steps=(
                "Choose a PostgreSQL {least} or newer.",
                "Give its address, in ONTOLOGIE_DATABASE_URL or to move-to; nothing was changed here or there.",
            ),
        ),
        fr=Explanation(
            problem="Ce serveur est un PostgreSQL {found} ; le plus ancien qui convient est le {least}.",
            remedy="Choisissez un PostgreSQL plus récent ; rien n’a été modifié.",
            steps=(
                "Choisissez un PostgreSQL {least} ou plus récent.",
                "Indiquez son adresse, dans ONTOLOGIE_DATABASE_URL ou à move-to ; rien n’a été modifié ici ni là-bas.",
            ),
        ),
    ),
    Diagnosis(
        code="DATABASE_NOT_UTF8",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="This database stores text as {encoding}, which does not hold every character that HubSpot sends.",
            remedy="Make a database with ENCODING UTF8 TEMPLATE template0, and give its address; nothing was"
            " changed.",
            steps=(
                "As its administrator, run: CREATE DATABASE … ENCODING UTF8 TEMPLATE template0.",
                "Give its address, in ONTOLOGIE_DATABASE_URL or to move-to; nothing was changed here or there.",
            ),
        ),
        fr=Explanation(
            problem="Cette base enregistre le texte en {encoding}, qui ne contient pas tous les caractères que HubSpot"
            " envoie.",
            remedy="Créez une base avec ENCODING UTF8 TEMPLATE template0 et indiquez son adresse ; rien n’a été"
            " modifié.",
            steps=(
                "En tant qu’administrateur, lancez : CREATE DATABASE … ENCODING UTF8 TEMPLATE template0.",
                "Indiquez son adresse, dans ONTOLOGIE_DATABASE_URL ou à move-to ; rien n’a été modifié ici ni là-bas.",
            ),
        ),
    ),
    Diagnosis(
        code="DATABASE_NOT_STARTED",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The embedded PostgreSQL did not start: {reason}",
            remedy="Mend that and start again; all it says is in {path}.",
            steps=(
                "Read the last lines of {path}: PostgreSQL says there why.",
                "Often the disk is full (df -h), or the folder belongs to another user (ls -l).",
                "Start again.",
            ),
        ),
        fr=Explanation(
            problem="Le PostgreSQL embarqué n’a pas démarré : {reason}",
            remedy="Corrigez cela et redémarrez ; tout ce qu’il dit est dans {path}.",
            steps=(
                "Lisez les dernières lignes de {path} : PostgreSQL y dit pourquoi.",
                "Souvent le disque est plein (df -h), ou le dossier appartient à un autre utilisateur (ls -l).",
                "Redémarrez.",
            ),
        ),
    ),
    Diagnosis(
        code="DATABASE_GONE",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The embedded PostgreSQL's folder {path} is no longer there.",
            remedy="Put it back before you start again: a start without it begins with an empty database.",
            steps=(
                "Look whether its disk is mounted, or whether the folder was renamed, and put it back.",
                "If it is lost: start again, which makes an empty database, and run ontologie restore with a backup.",
            ),
        ),
        fr=Explanation(
            problem="Le dossier {path} du PostgreSQL embarqué n’est plus là.",
            remedy="Remettez-le en place avant de redémarrer : sans lui, on repart d’une base vide.",
            steps=(
                "Vérifiez que son disque est monté et que le dossier n’a pas été renommé, et remettez-le en place.",
                "S’il est perdu : redémarrez, ce qui crée une base vide, et lancez ontologie restore avec une"
                " sauvegarde.",
            ),
        ),
    ),
    Diagnosis(
        code="DATABASE_ADDRESS_MALFORMED",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The address given for the database is not one of a PostgreSQL.",
            remedy="Write ONTOLOGIE_DATABASE_URL, or what you gave move-to, as postgresql://user:password@host:5432/name.",
            steps=(
                "Write ONTOLOGIE_DATABASE_URL, or what you gave move-to, as postgresql://user:password@host:5432/name.",
                "In a user or password write signs such as @ : / % and spaces as %40 %3A %2F %25 %20.",
                "To use the embedded PostgreSQL, remove ONTOLOGIE_DATABASE_URL.",
                "Start again.",
            ),
        ),
        fr=Explanation(
            problem="L’adresse donnée pour la base n’est pas celle d’un PostgreSQL.",
            remedy="Écrivez ONTOLOGIE_DATABASE_URL, ou l’adresse donnée à move-to, sous la forme"
            " postgresql://utilisateur:motdepasse@hote:5432/nom.",
            steps=(
                "Écrivez ONTOLOGIE_DATABASE_URL, ou l’adresse donnée à move-to, sous la forme"
                " postgresql://utilisateur:motdepasse@hote:5432/nom.",
                "Dans l’utilisateur et le mot de passe, écrivez les signes comme @ : / % et les espaces %40 %3A %2F"
                " %25 %20.",
                "Pour utiliser le PostgreSQL intégré, supprimez ONTOLOGIE_DATABASE_URL.",
                "Redémarrez.",
            ),
        ),
    ),
    Diagnosis(
        code="DATABASE_UNREACHABLE",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="PostgreSQL does not let us in at the configured address: {reason}.",
            remedy="Check ONTOLOGIE_DATABASE_URL and the server.",
            steps=(
                "Check that the server runs and that this machine reaches it, for example with psql.",
                "Check the host, port, user, password and sslmode in ONTOLOGIE_DATABASE_URL. Where PostgreSQL says too"
                " many clients, raise its max_connections, or lower ONTOLOGIE_DATABASE_CONNECTIONS.",
                "Start again.",
            ),
        ),
        fr=Explanation(
            problem="PostgreSQL ne nous ouvre pas à l’adresse configurée : {reason}.",
            remedy="Vérifiez ONTOLOGIE_DATABASE_URL et le serveur.",
            steps=(
                "Vérifiez que le serveur tourne et que cette machine l’atteint, par exemple avec psql.",
                "Vérifiez l’hôte, le port, l’utilisateur, le mot de passe et sslmode dans ONTOLOGIE_DATABASE_URL. Si"
                " PostgreSQL dit too many clients, augmentez son max_connections ou réduisez"
                " ONTOLOGIE_DATABASE_CONNECTIONS.",
                "Redémarrez.",
            ),
        ),
    ),
    Diagnosis(
        code="DATABASE_RIGHTS_MISSING",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The database user lacks a right that we need: {rights}.",
            remedy="As an administrator of PostgreSQL, run: {remedy}.",
            steps=(
                "Connect to this database with psql as its owner or as an administrator of PostgreSQL.",
                "Run: {remedy}.",
                "Look again with ontologie doctor.",
            ),
        ),
        fr=Explanation(
            problem="Il manque à l’utilisateur de la base un droit dont nous avons besoin : {rights}.",
            remedy="En tant qu’administrateur de PostgreSQL, lancez : {remedy}.",
            steps=(
                "Connectez-vous à cette base avec psql, en tant que propriétaire ou qu’administrateur de PostgreSQL.",
                "Lancez : {remedy}.",
                "Vérifiez avec ontologie doctor.",
            ),
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
            steps=(
                "As an administrator of PostgreSQL, run ALTER ROLE … CREATEROLE for the user in"
                " ONTOLOGIE_DATABASE_URL.",
                "Or create the role for us: CREATE ROLE {role} LOGIN, and grant it to that user with the admin option.",
                "Start again.",
            ),
        ),
        fr=Explanation(
            problem="L’utilisateur de la base ne peut pas créer le rôle de lecture {role}.",
            remedy="Donnez-lui CREATEROLE, ou faites créer le rôle par un administrateur.",
            steps=(
                "En tant qu’administrateur de PostgreSQL, lancez ALTER ROLE … CREATEROLE pour l’utilisateur"
                " d’ONTOLOGIE_DATABASE_URL.",
                "Ou créez le rôle pour nous : CREATE ROLE {role} LOGIN, et accordez-le à cet utilisateur avec"
                " l’option admin.",
                "Redémarrez.",
            ),
        ),
    ),
)
