"""Credentials, scopes and plans: what opens an account, and what does not."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity
from ontologie.model.diagnosis.links import CONNECTED_APPS, SERVICE_KEYS

ENTRIES = (
    Diagnosis(
        code="HUBSPOT_SCOPE_MISSING",
        severity=Severity.ACTION,
        effect=Effect.STREAM,
        retry=Retry.NEXT_RUN,
        link=SERVICE_KEYS,
        en=Explanation(
            problem="HubSpot does not let this token read the stream: the scope {scope} is missing.",
            remedy="In HubSpot, edit the app (Development > Keys, or Settings > Integrations > Private Apps), add"
            " the scope {scope}, then sync again.",
        ),
        fr=Explanation(
            problem="HubSpot n’autorise pas ce jeton à lire le flux : le scope {scope} manque.",
            remedy="Dans HubSpot, modifiez l’application (Développement > Clés, ou Paramètres > Intégrations >"
            " Applications privées), ajoutez le scope {scope}, puis relancez la synchronisation.",
        ),
    ),
    Diagnosis(
        code="HUBSPOT_TOKEN_INVALID",
        severity=Severity.ACTION,
        effect=Effect.SOURCE,
        retry=Retry.NEVER,
        link=SERVICE_KEYS,
        en=Explanation(
            problem="HubSpot does not accept this token.",
            remedy="Copy the access token again from HubSpot (Development > Keys) and reconnect the source.",
        ),
        fr=Explanation(
            problem="HubSpot refuse ce jeton.",
            remedy="Copiez à nouveau le jeton d’accès depuis HubSpot (Développement > Clés) et reconnectez la source.",
        ),
    ),
    Diagnosis(
        code="HUBSPOT_TOKEN_EXPIRED",
        severity=Severity.ACTION,
        effect=Effect.SOURCE,
        retry=Retry.NEVER,
        link=CONNECTED_APPS,
        en=Explanation(
            problem="The authorization HubSpot gave us has expired.",
            remedy="Reconnect the account. Private-app tokens do not expire; an OAuth connection does when it is"
            " revoked.",
        ),
        fr=Explanation(
            problem="L’autorisation donnée par HubSpot a expiré.",
            remedy="Reconnectez le compte. Les jetons d’application privée n’expirent pas ; une connexion OAuth,"
            " oui, quand elle est révoquée.",
        ),
    ),
    Diagnosis(
        code="HUBSPOT_TOKEN_MALFORMED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        link=SERVICE_KEYS,
        en=Explanation(
            problem="This does not look like a HubSpot access token.",
            remedy="A token looks like pat-eu1-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx; copy it whole from HubSpot.",
        ),
        fr=Explanation(
            problem="Ceci ne ressemble pas à un jeton d’accès HubSpot.",
            remedy="Un jeton ressemble à pat-eu1-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx ; copiez-le en entier.",
        ),
    ),
    Diagnosis(
        code="HUBSPOT_OTHER_PORTAL",
        severity=Severity.ACTION,
        effect=Effect.SOURCE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="This token belongs to the HubSpot account {found}, and the source reads the account {expected}.",
            remedy="Use a token of the account {expected}, or add a new source for the account {found}.",
        ),
        fr=Explanation(
            problem="Ce jeton appartient au compte HubSpot {found}, alors que la source lit le compte {expected}.",
            remedy="Utilisez un jeton du compte {expected}, ou ajoutez une source pour le compte {found}.",
        ),
    ),
    Diagnosis(
        code="TOKEN_NOT_GIVEN",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="No token was found in {place}.",
            remedy="Give it with --token-file FILE or --token-env VARIABLE.",
        ),
        fr=Explanation(
            problem="Aucun jeton trouvé dans {place}.",
            remedy="Donnez-le avec --token-file FICHIER ou --token-env VARIABLE.",
        ),
    ),
    Diagnosis(
        code="API_HOST_REFUSED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The address {host} is not on the operator's list of HubSpot hosts.",
            remedy="Add it to ONTOLOGIE_HUBSPOT_API_HOSTS if you trust it with the token.",
        ),
        fr=Explanation(
            problem="L’adresse {host} n’est pas dans la liste des hôtes HubSpot de l’exploitant.",
            remedy="Ajoutez-la à ONTOLOGIE_HUBSPOT_API_HOSTS si vous lui confiez le jeton.",
        ),
    ),
)
