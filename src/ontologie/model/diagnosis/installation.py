"""The data folder, the settings, the ports: for the operator."""

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
            steps=(
                "Look who owns the folder: ls -ld {path}.",
                "Give it to the user that runs Ontologie (chown), or set ONTOLOGIE_HOME to a folder of its own.",
                "Start again.",
            ),
        ),
        fr=Explanation(
            problem="Le dossier de données {path} n’est pas accessible en écriture.",
            remedy="Donnez-vous le droit d’y écrire, ou indiquez un autre dossier dans ONTOLOGIE_HOME.",
            steps=(
                "Regardez à qui est le dossier : ls -ld {path}.",
                "Donnez-le à l’utilisateur qui lance Ontologie (chown), ou indiquez dans ONTOLOGIE_HOME un dossier"
                " à lui.",
                "Redémarrez.",
            ),
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
            steps=(
                "Find the program, for example with ss -ltnp, and stop it; it may be another Ontologie.",
                "Or choose another port with ONTOLOGIE_{setting}.",
                "Start again.",
            ),
        ),
        fr=Explanation(
            problem="Le port {port} est pris par un autre programme.",
            remedy="Arrêtez ce programme, ou choisissez un autre port avec ONTOLOGIE_{setting}.",
            steps=(
                "Trouvez le programme, par exemple avec ss -ltnp, et arrêtez-le ; c’est peut-être un autre Ontologie.",
                "Ou choisissez un autre port avec ONTOLOGIE_{setting}.",
                "Redémarrez.",
            ),
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
            steps=(
                "Correct {setting} in the environment or in ontologie.toml; docs/reference/settings.md has its values.",
                "Start again.",
            ),
        ),
        fr=Explanation(
            problem="Le réglage {setting} est incorrect : {reason}.",
            remedy="Corrigez-le dans l’environnement ou dans ontologie.toml.",
            steps=(
                "Corrigez {setting} dans l’environnement ou dans ontologie.toml ; docs/reference/settings.md en"
                " donne les valeurs.",
                "Redémarrez.",
            ),
        ),
    ),
    Diagnosis(
        code="SETTING_UNKNOWN",
        severity=Severity.NOTICE,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="There is no setting {setting}: this variable changes nothing.",
            remedy="Look at its spelling: docs/reference/settings.md has every setting.",
            steps=(
                "Look for the setting in docs/reference/settings.md, and correct the variable's name or remove it.",
                "Start again.",
            ),
        ),
        fr=Explanation(
            problem="Il n’y a pas de réglage {setting} : cette variable ne change rien.",
            remedy="Vérifiez son orthographe : docs/reference/settings.md donne tous les réglages.",
            steps=(
                "Cherchez le réglage dans docs/reference/settings.md, et corrigez le nom de la variable ou"
                " supprimez-la.",
                "Redémarrez.",
            ),
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
            steps=(
                "Free the port {port}, or set ONTOLOGIE_SIMULATOR_PORT to another one.",
                "Start again; your own sources need no simulated portal.",
            ),
        ),
        fr=Explanation(
            problem="Le portail simulé n’a pas démarré sur le port {port}.",
            remedy="Libérez le port ou donnez-en un autre avec ONTOLOGIE_SIMULATOR_PORT.",
            steps=(
                "Libérez le port {port}, ou donnez-en un autre à ONTOLOGIE_SIMULATOR_PORT.",
                "Redémarrez ; vos propres sources n’ont pas besoin du portail simulé.",
            ),
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
            steps=(
                "Try again.",
                "If it happens again, report it with the last lines of logs/ontologie.log in the data folder; they hold"
                " no token.",
            ),
        ),
        fr=Explanation(
            problem="Quelque chose s’est mal passé de notre côté.",
            remedy="Réessayez ; les détails sont dans le journal.",
            steps=(
                "Réessayez.",
                "Si cela se reproduit, signalez-le avec les dernières lignes de logs/ontologie.log, dans le dossier de"
                " données ; elles ne contiennent pas de jeton.",
            ),
        ),
    ),
)
