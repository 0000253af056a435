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
)
