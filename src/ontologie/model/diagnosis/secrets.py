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
        ),
        fr=Explanation(
            problem="Les identifiants enregistrés ont été chiffrés avec une autre clé.",
            remedy="Remettez le fichier secret.key (ou ONTOLOGIE_SECRET_KEY), ou reconnectez la source.",
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
        ),
        fr=Explanation(
            problem="La clé secrète n’est pas de 32 octets en base64.",
            remedy="Corrigez ONTOLOGIE_SECRET_KEY ou le fichier secret.key.",
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
        ),
        fr=Explanation(
            problem="La clé vient d’ONTOLOGIE_SECRET_KEY, que nous ne pouvons pas changer.",
            remedy="Mettez une nouvelle clé (32 octets aléatoires en base64) dans ONTOLOGIE_SECRET_KEY_NEW, relancez"
            " la commande, puis donnez cette valeur à ONTOLOGIE_SECRET_KEY et redémarrez.",
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
        ),
        fr=Explanation(
            problem="D’autres utilisateurs de cette machine peuvent lire le fichier de clé {path}.",
            remedy="Lancez chmod 600 {path}, puis ontologie secrets rotate si quelqu’un a pu le lire.",
        ),
    ),
)
