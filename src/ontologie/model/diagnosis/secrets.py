"""The key that seals the credentials."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity

ENTRIES = (
    Diagnosis(
        code="SECRET_KEY_WRONG",
        severity=Severity.ACTION,
        effect=Effect.SOURCE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The stored credentials were sealed with another key.",
            remedy="Bring back the key file secret.key (or ONTOLOGIE_SECRET_KEY), or reconnect the source.",
            steps=(
                "If the former key file is in a backup, put it back as secret.key in the data folder, with mode 600;"
                " or set ONTOLOGIE_SECRET_KEY to its value.",
                "Start again: the credentials open as before.",
                "If the key is lost, open each source, click Reconnect, and give the credentials again; no data is"
                " lost.",
            ),
        ),
        fr=Explanation(
            problem="Les identifiants enregistrés ont été chiffrés avec une autre clé.",
            remedy="Remettez le fichier secret.key (ou ONTOLOGIE_SECRET_KEY), ou reconnectez la source.",
            steps=(
                "Si l’ancien fichier de clé est dans une sauvegarde, remettez-le sous le nom secret.key dans le"
                " dossier de données, en mode 600 ; ou donnez sa valeur à ONTOLOGIE_SECRET_KEY.",
                "Redémarrez : les identifiants s’ouvrent comme avant.",
                "Si la clé est perdue, ouvrez chaque source, cliquez sur « Reconnecter » et redonnez les identifiants"
                " ; aucune donnée n’est perdue.",
            ),
        ),
    ),
    Diagnosis(
        code="SECRET_KEY_MALFORMED",
        severity=Severity.ACTION,
        effect=Effect.INSTALLATION,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The secret key is not 32 bytes in base64.",
            remedy="Correct ONTOLOGIE_SECRET_KEY or the file secret.key.",
            steps=(
                "If the key comes from the environment, correct ONTOLOGIE_SECRET_KEY: 32 bytes in base64, as"
                " openssl rand -base64 32 gives.",
                "If it is the file secret.key in the data folder, bring it back from a backup: a new key does not"
                " open what the former one sealed.",
                "Start again.",
            ),
        ),
        fr=Explanation(
            problem="La clé secrète n’est pas de 32 octets en base64.",
            remedy="Corrigez ONTOLOGIE_SECRET_KEY ou le fichier secret.key.",
            steps=(
                "Si la clé vient de l’environnement, corrigez ONTOLOGIE_SECRET_KEY : 32 octets en base64, comme en"
                " donne openssl rand -base64 32.",
                "Si c’est le fichier secret.key du dossier de données, remettez-le depuis une sauvegarde : une"
                " nouvelle clé n’ouvre pas ce que l’ancienne a chiffré.",
                "Redémarrez.",
            ),
        ),
    ),
    Diagnosis(
        code="SECRET_KEY_NEW_MISSING",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The key comes from ONTOLOGIE_SECRET_KEY, which we cannot change.",
            remedy="Put a new key (32 random bytes in base64) into ONTOLOGIE_SECRET_KEY_NEW, run the command again,"
            " then set ONTOLOGIE_SECRET_KEY to it and restart.",
            steps=(
                "Make a new key: openssl rand -base64 32.",
                "Put it into ONTOLOGIE_SECRET_KEY_NEW and run ontologie secrets rotate again.",
                "Then set ONTOLOGIE_SECRET_KEY to it, remove ONTOLOGIE_SECRET_KEY_NEW, and restart.",
            ),
        ),
        fr=Explanation(
            problem="La clé vient d’ONTOLOGIE_SECRET_KEY, que nous ne pouvons pas changer.",
            remedy="Mettez une nouvelle clé (32 octets aléatoires en base64) dans ONTOLOGIE_SECRET_KEY_NEW, relancez"
            " la commande, puis donnez cette valeur à ONTOLOGIE_SECRET_KEY et redémarrez.",
            steps=(
                "Créez une nouvelle clé : openssl rand -base64 32.",
                "Mettez-la dans ONTOLOGIE_SECRET_KEY_NEW et relancez ontologie secrets rotate.",
                "Ensuite donnez cette valeur à ONTOLOGIE_SECRET_KEY, retirez ONTOLOGIE_SECRET_KEY_NEW, et redémarrez.",
            ),
        ),
    ),
    Diagnosis(
        code="SECRET_KEY_READABLE",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="Other users of this machine may read the key file {path}.",
            remedy="Run chmod 600 {path}, then ontologie secrets rotate if somebody may have read it.",
            steps=(
                "Close it: chmod 600 {path}.",
                "If somebody may have read it, seal everything with a new key: ontologie secrets rotate.",
                "Look again with ontologie doctor.",
            ),
        ),
        fr=Explanation(
            problem="D’autres utilisateurs de cette machine peuvent lire le fichier de clé {path}.",
            remedy="Lancez chmod 600 {path}, puis ontologie secrets rotate si quelqu’un a pu le lire.",
            steps=(
                "Fermez-le : chmod 600 {path}.",
                "Si quelqu’un a pu le lire, chiffrez tout avec une nouvelle clé : ontologie secrets rotate.",
                "Vérifiez avec ontologie doctor.",
            ),
        ),
    ),
)
