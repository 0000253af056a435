"""What HubSpot answers when it is not a matter of credentials: limits, outages, refusals."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity
from ontologie.model.diagnosis.links import STATUS

ENTRIES = (
    Diagnosis(
        code="HUBSPOT_TIMEOUT",
        severity=Severity.WARNING,
        effect=Effect.LATE,
        retry=Retry.GROWING,
        link=STATUS,
        en=Explanation(
            problem="HubSpot did not answer within {seconds} s.",
            remedy="Try again in a moment; if it lasts, check the network, a proxy in between, and HubSpot's status"
            " page.",
        ),
        fr=Explanation(
            problem="HubSpot n’a pas répondu en {seconds} s.",
            remedy="Réessayez dans un instant ; si cela dure, vérifiez le réseau, un éventuel proxy, et la page d’état"
            " de HubSpot.",
        ),
    ),
    Diagnosis(
        code="HUBSPOT_RATE_LIMITED",
        severity=Severity.NOTICE,
        effect=Effect.LATE,
        retry=Retry.GROWING,
        en=Explanation(
            problem="HubSpot asked us to slow down.",
            remedy="Nothing to do: we go on by ourselves.",
        ),
        fr=Explanation(
            problem="HubSpot nous a demandé de ralentir.",
            remedy="Rien à faire : nous continuons de nous-mêmes.",
        ),
    ),
    Diagnosis(
        code="HUBSPOT_DAILY_QUOTA_REACHED",
        severity=Severity.WARNING,
        effect=Effect.LATE,
        retry=Retry.GROWING,
        en=Explanation(
            problem="The HubSpot account's daily quota of API requests is used up.",
            remedy="Nothing to do: HubSpot opens it again at midnight in the account's time zone. Another app may be"
            " using much of it.",
        ),
        fr=Explanation(
            problem="Le quota quotidien de requêtes API du compte HubSpot est épuisé.",
            remedy="Rien à faire : HubSpot le rouvre à minuit, heure du compte. Une autre application en consomme"
            " peut-être beaucoup.",
        ),
    ),
    Diagnosis(
        code="HUBSPOT_UNREACHABLE",
        severity=Severity.WARNING,
        effect=Effect.LATE,
        retry=Retry.GROWING,
        link=STATUS,
        en=Explanation(
            problem="HubSpot does not answer at the moment.",
            remedy="Nothing to do: we try again. If it lasts, check the network and status.hubspot.com.",
        ),
        fr=Explanation(
            problem="HubSpot ne répond pas pour le moment.",
            remedy="Rien à faire : nous réessayons. Si cela dure, vérifiez le réseau et status.hubspot.com.",
        ),
    ),
    Diagnosis(
        code="HUBSPOT_MIGRATING",
        severity=Severity.WARNING,
        effect=Effect.LATE,
        retry=Retry.GROWING,
        link=STATUS,
        en=Explanation(
            problem="HubSpot is moving this account to another data centre.",
            remedy="Nothing to do: we try again when HubSpot says so, within 24 hours.",
        ),
        fr=Explanation(
            problem="HubSpot déplace ce compte vers un autre centre de données.",
            remedy="Rien à faire : nous réessayons quand HubSpot le permet, sous 24 heures.",
        ),
    ),
    Diagnosis(
        code="HUBSPOT_REQUEST_REFUSED",
        severity=Severity.FAULT,
        effect=Effect.STREAM,
        retry=Retry.GROWING,
        en=Explanation(
            problem="HubSpot refused a request (status {status}).",
            remedy="Try again; if it happens again, report it with the lines of the log.",
        ),
        fr=Explanation(
            problem="HubSpot a refusé une requête (statut {status}).",
            remedy="Réessayez ; si cela se reproduit, signalez-le avec les lignes du journal.",
        ),
    ),
    Diagnosis(
        code="HUBSPOT_CONTRACT_BROKEN",
        severity=Severity.FAULT,
        effect=Effect.STREAM,
        retry=Retry.GROWING,
        en=Explanation(
            problem="HubSpot's answers contradict what it documents, so we stopped rather than store wrong data.",
            remedy="Try again; if it happens again, report it with the lines of the log.",
        ),
        fr=Explanation(
            problem="Les réponses de HubSpot contredisent sa documentation : nous nous sommes arrêtés plutôt que"
            " d’enregistrer des données fausses.",
            remedy="Réessayez ; si cela se reproduit, signalez-le avec les lignes du journal.",
        ),
    ),
)
