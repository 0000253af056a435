"""What HubSpot answers when it is not a matter of credentials: limits, outages, refusals."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity
from ontologie.model.diagnosis.links import CUSTOM_OBJECTS, STATUS

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
            steps=(
                "Try again in a moment.",
                "If it lasts, look at HubSpot's status page, then at the network and any proxy between this machine"
                " and api.hubapi.com.",
                "Run ontologie doctor: it says which source answers.",
            ),
        ),
        fr=Explanation(
            problem="HubSpot n’a pas répondu en {seconds} s.",
            remedy="Réessayez dans un instant ; si cela dure, vérifiez le réseau, un éventuel proxy, et la page d’état"
            " de HubSpot.",
            steps=(
                "Réessayez dans un instant.",
                "Si cela dure, consultez la page d’état de HubSpot, puis le réseau et tout proxy entre cette"
                " machine et api.hubapi.com.",
                "Lancez ontologie doctor : il dit quelle source répond.",
            ),
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
            steps=(
                "Nothing to do: we wait as long as HubSpot asks, and go on.",
                "If it comes often, another app uses the same budget: raise ONTOLOGIE_FREE_SHARE to leave it more.",
            ),
        ),
        fr=Explanation(
            problem="HubSpot nous a demandé de ralentir.",
            remedy="Rien à faire : nous continuons de nous-mêmes.",
            steps=(
                "Rien à faire : nous attendons le temps que HubSpot demande, puis nous continuons.",
                "Si cela revient souvent, une autre application consomme le même budget : augmentez"
                " ONTOLOGIE_FREE_SHARE pour lui en laisser plus.",
            ),
        ),
    ),
    Diagnosis(
        code="HUBSPOT_DAILY_QUOTA_REACHED",
        severity=Severity.WARNING,
        effect=Effect.LATE,
        retry=Retry.NEXT_DAY,
        en=Explanation(
            problem="The HubSpot account's daily quota of API requests is used up.",
            remedy="Nothing to do: HubSpot opens it again at midnight in the account's time zone. Another app may be"
            " using much of it.",
            steps=(
                "Nothing to do: we go on once HubSpot has opened the quota again, at midnight in the account's time"
                " zone.",
                "To see who uses it, open the app's or key's logs in HubSpot, under Development > Monitoring.",
                "If it comes every day, sync less often, tick fewer streams, or buy HubSpot's API limit increase.",
            ),
        ),
        fr=Explanation(
            problem="Le quota quotidien de requêtes API du compte HubSpot est épuisé.",
            remedy="Rien à faire : HubSpot le rouvre à minuit, heure du compte. Une autre application en consomme"
            " peut-être beaucoup.",
            steps=(
                "Rien à faire : nous reprenons dès que HubSpot rouvre le quota, à minuit, heure du compte.",
                "Pour voir qui le consomme, ouvrez dans HubSpot les journaux de l’application ou de la clé, dans"
                " Développement > Surveillance.",
                "Si cela se produit chaque jour, synchronisez moins souvent, cochez moins de flux, ou achetez à"
                " HubSpot une augmentation de la limite d’API.",
            ),
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
            steps=(
                "Nothing to do: we try again by ourselves.",
                "If it lasts, look at status.hubspot.com, then whether this machine reaches https://api.hubapi.com.",
            ),
        ),
        fr=Explanation(
            problem="HubSpot ne répond pas pour le moment.",
            remedy="Rien à faire : nous réessayons. Si cela dure, vérifiez le réseau et status.hubspot.com.",
            steps=(
                "Rien à faire : nous réessayons de nous-mêmes.",
                "Si cela dure, consultez status.hubspot.com, puis vérifiez que cette machine atteint"
                " https://api.hubapi.com.",
            ),
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
            remedy="Nothing to do: it takes HubSpot 24 hours at most, and we go on once it is over.",
            steps=(
                "Nothing to do: it takes HubSpot 24 hours at most, and we ask again until it is over.",
                "If it lasts longer, ask HubSpot's support: it concerns every app of the account.",
            ),
        ),
        fr=Explanation(
            problem="HubSpot déplace ce compte vers un autre centre de données.",
            remedy="Rien à faire : HubSpot y met 24 heures au plus, et nous reprenons dès que c’est fini.",
            steps=(
                "Rien à faire : HubSpot y met 24 heures au plus, et nous redemandons jusqu’à la fin.",
                "Si cela dure plus longtemps, demandez au support de HubSpot : toutes les applications du compte"
                " sont concernées.",
            ),
        ),
    ),
    Diagnosis(
        code="HUBSPOT_OBJECT_TYPE_UNKNOWN",
        severity=Severity.ACTION,
        effect=Effect.STREAM,
        retry=Retry.NEXT_RUN,
        link=CUSTOM_OBJECTS,
        en=Explanation(
            problem="The HubSpot account has no object type {object_type}: it was deleted, or never was there.",
            remedy="Untick the stream on the source's page, or make the object again in HubSpot.",
            steps=(
                "In HubSpot, open Settings > Objects > Custom objects, and look whether it is still there.",
                "If it was deleted on purpose, open the source's page, untick the stream under Streams, and"
                " save. What was read of it stays stored.",
                "If it should be there, make it again in HubSpot with the same name: the next sync goes on.",
            ),
        ),
        fr=Explanation(
            problem="Le compte HubSpot n’a pas de type d’objet {object_type} : il a été supprimé, ou n’a jamais"
            " existé.",
            remedy="Décochez le flux sur la page de la source, ou recréez l’objet dans HubSpot.",
            steps=(
                "Dans HubSpot, ouvrez Paramètres > Objets > Objets personnalisés, et vérifiez s’il y est encore.",
                "S’il a été supprimé exprès, ouvrez la page de la source, décochez le flux sous « Flux », et"
                " enregistrez. Ce qui en a été lu reste enregistré.",
                "S’il doit exister, recréez-le dans HubSpot sous le même nom : la synchronisation suivante"
                " reprend.",
            ),
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
            steps=(
                "Click Sync now to try again.",
                "If it happens again, open the run and copy the lines of its log: they name the request.",
                "Report it with these lines; they hold no token and no record.",
            ),
        ),
        fr=Explanation(
            problem="HubSpot a refusé une requête (statut {status}).",
            remedy="Réessayez ; si cela se reproduit, signalez-le avec les lignes du journal.",
            steps=(
                "Cliquez sur « Synchroniser » pour réessayer.",
                "Si cela se reproduit, ouvrez la synchronisation et copiez les lignes de son journal : elles"
                " nomment la requête.",
                "Signalez-le avec ces lignes ; elles ne contiennent ni jeton ni enregistrement.",
            ),
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
            steps=(
                "Click Sync now to try again: a proxy in between may have cut an answer.",
                "If it happens again, open the run and copy the lines of its log.",
                "Report it with these lines; they hold no token and no record.",
            ),
        ),
        fr=Explanation(
            problem="Les réponses de HubSpot contredisent sa documentation : nous nous sommes arrêtés plutôt que"
            " d’enregistrer des données fausses.",
            remedy="Réessayez ; si cela se reproduit, signalez-le avec les lignes du journal.",
            steps=(
                "Cliquez sur « Synchroniser » pour réessayer : un proxy a pu couper une réponse.",
                "Si cela se reproduit, ouvrez la synchronisation et copiez les lignes de son journal.",
                "Signalez-le avec ces lignes ; elles ne contiennent ni jeton ni enregistrement.",
            ),
        ),
    ),
)
