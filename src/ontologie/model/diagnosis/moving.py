"""The move of the database, and its upgrade: for the operator."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity

ENTRIES = (
    Diagnosis(
        code="MOVE_TARGET_TAKEN",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The target already holds schemas of these names: {schemas}.",
            remedy="Choose an empty database, or drop them there; nothing was changed.",
            steps=(
                "Make an empty database on the target, and give its address.",
                "Or, if these schemas are the remains of a former try, drop them there: {schemas}.",
                "Run the command again; nothing was changed.",
            ),
        ),
        fr=Explanation(
            problem="La cible contient déjà des schémas de ces noms : {schemas}.",
            remedy="Choisissez une base vide, ou supprimez-les là-bas ; rien n’a été modifié.",
            steps=(
                "Créez une base vide sur la cible et donnez son adresse.",
                "Ou, si ces schémas sont les restes d’un essai précédent, supprimez-les là-bas : {schemas}.",
                "Relancez la commande ; rien n’a été modifié.",
            ),
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
            steps=(
                "Mend what PostgreSQL says: {reason}",
                "Run the command again: the target has kept nothing, and the data here is as it was.",
            ),
        ),
        fr=Explanation(
            problem="La copie s’est arrêtée : {reason}",
            remedy="Réglez cela, puis recommencez ; la cible n’a rien gardé, les données d’ici sont intactes.",
            steps=(
                "Réglez ce que dit PostgreSQL : {reason}",
                "Relancez la commande : la cible n’a rien gardé, et les données d’ici sont intactes.",
            ),
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
            steps=(
                "Look whether somebody else writes to the target, and stop it.",
                "Drop the copy there, and run the command again; the data here is as it was.",
            ),
        ),
        fr=Explanation(
            problem="Après la copie, ces tables diffèrent : {tables}.",
            remedy="Supprimez la copie et recommencez ; les données d’ici sont intactes.",
            steps=(
                "Regardez si quelqu’un d’autre écrit sur la cible, et arrêtez-le.",
                "Supprimez la copie là-bas, puis relancez la commande ; les données d’ici sont intactes.",
            ),
        ),
    ),
    Diagnosis(
        code="NOT_EMBEDDED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="This installation already uses a PostgreSQL of yours.",
            remedy="Move it with PostgreSQL’s own pg_dump and pg_restore, then change ONTOLOGIE_DATABASE_URL.",
            steps=(
                "Copy the database with pg_dump and pg_restore, while nothing of Ontologie runs.",
                "Set ONTOLOGIE_DATABASE_URL to the new address, and start again.",
            ),
        ),
        fr=Explanation(
            problem="Cette installation utilise déjà un PostgreSQL à vous.",
            remedy="Déplacez-le avec pg_dump et pg_restore, puis changez ONTOLOGIE_DATABASE_URL.",
            steps=(
                "Copiez la base avec pg_dump et pg_restore, pendant que rien d’Ontologie ne tourne.",
                "Donnez la nouvelle adresse à ONTOLOGIE_DATABASE_URL, puis redémarrez.",
            ),
        ),
    ),
    Diagnosis(
        code="NOTHING_TO_UPGRADE",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="There is no older database in {path}.",
            remedy="Nothing to do: ontologie start uses what is there.",
            steps=(
                "Check that ONTOLOGIE_HOME names the folder you mean: {path}.",
                "If it does, run ontologie start: it uses what is there.",
            ),
        ),
        fr=Explanation(
            problem="Il n’y a pas de base plus ancienne dans {path}.",
            remedy="Rien à faire : ontologie start utilise ce qui s’y trouve.",
            steps=(
                "Vérifiez qu’ONTOLOGIE_HOME désigne bien le dossier voulu : {path}.",
                "Si c’est le cas, lancez ontologie start : il utilise ce qui s’y trouve.",
            ),
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
            steps=(
                "Install PostgreSQL {major}; on Debian its programs are then in {path}.",
                "Run ontologie upgrade-database again.",
            ),
        ),
        fr=Explanation(
            problem="Les données sont d’un PostgreSQL {major}, dont les programmes ne sont pas sur cette machine.",
            remedy="Installez PostgreSQL {major} (sous Debian, ses programmes sont alors dans {path}), puis"
            " recommencez.",
            steps=(
                "Installez PostgreSQL {major} ; sous Debian, ses programmes sont alors dans {path}.",
                "Relancez ontologie upgrade-database.",
            ),
        ),
    ),
)
