"""What was asked for wrongly, in a command, a form or a query."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity

ENTRIES = (
    Diagnosis(
        code="RUN_UNKNOWN",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="This run is not there: its source was removed, or it never was.",
            remedy="Choose one from the source's list of runs.",
        ),
        fr=Explanation(
            problem="Cette synchronisation n’existe pas : sa source a été retirée, ou elle n’a jamais eu lieu.",
            remedy="Choisissez-en une dans la liste des synchronisations de la source.",
        ),
    ),
    Diagnosis(
        code="SOURCE_UNKNOWN",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="There is no source named {source}.",
            remedy="List the sources with ontologie source list, or add one with ontologie source add.",
        ),
        fr=Explanation(
            problem="Il n’y a pas de source nommée {source}.",
            remedy="Listez les sources avec ontologie source list, ou ajoutez-en une avec ontologie source add.",
        ),
    ),
    Diagnosis(
        code="SOURCE_NAME_TAKEN",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The name {source} is taken by another source.",
            remedy="Choose another name.",
        ),
        fr=Explanation(
            problem="Le nom {source} est déjà pris par une autre source.",
            remedy="Choisissez un autre nom.",
        ),
    ),
    Diagnosis(
        code="SOURCE_NAME_MALFORMED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="{name} cannot be the name of a source.",
            remedy="Use up to 40 small letters, digits, - or _, beginning with a letter.",
        ),
        fr=Explanation(
            problem="{name} ne peut pas être le nom d’une source.",
            remedy="Utilisez au plus 40 lettres minuscules, chiffres, - ou _, en commençant par une lettre.",
        ),
    ),
    Diagnosis(
        code="STREAM_UNKNOWN",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="There is no stream named {stream}.",
            remedy="The streams are {known}.",
        ),
        fr=Explanation(
            problem="Il n’y a pas de flux nommé {stream}.",
            remedy="Les flux sont {known}.",
        ),
    ),
    Diagnosis(
        code="STREAMS_NOT_CHOSEN",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="No stream is chosen for {source}.",
            remedy="Tick at least one stream; to stop all of them, pause the source.",
        ),
        fr=Explanation(
            problem="Aucun flux n’est choisi pour {source}.",
            remedy="Cochez au moins un flux ; pour les arrêter tous, mettez la source en pause.",
        ),
    ),
    Diagnosis(
        code="FREQUENCY_UNKNOWN",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="{frequency} is not a frequency.",
            remedy='Use manual, 5m, 15m, 1h, 6h, daily, weekly or "cron" with five fields.',
        ),
        fr=Explanation(
            problem="{frequency} n’est pas une fréquence.",
            remedy='Utilisez manual, 5m, 15m, 1h, 6h, daily, weekly ou "cron" suivi de cinq champs.',
        ),
    ),
    Diagnosis(
        code="CONNECTOR_UNKNOWN",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="There is no connector called {name}.",
            remedy="Choose one of: {known}.",
        ),
        fr=Explanation(
            problem="Il n’y a pas de connecteur nommé {name}.",
            remedy="Choisissez parmi : {known}.",
        ),
    ),
    Diagnosis(
        code="API_ADDRESS_UNUSABLE",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="Credentials cannot be sent to {address}: an API address is https://, a host, and no password or"
            " query.",
            remedy="Leave --api-url out for HubSpot itself; plain http:// is for this machine only.",
        ),
        fr=Explanation(
            problem="Les identifiants ne peuvent pas être envoyés à {address} : une adresse d’API est faite de https://"
            " et d’un hôte, sans mot de passe ni requête.",
            remedy="Pour HubSpot lui-même, n’indiquez pas --api-url ; http:// est réservé à cette machine.",
        ),
    ),
    Diagnosis(
        code="EXCLUDE_MALFORMED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="{item} names no property to exclude.",
            remedy="Write OBJECT_TYPE.PROPERTY, for instance contacts.fax.",
        ),
        fr=Explanation(
            problem="{item} ne désigne pas de propriété à exclure.",
            remedy="Écrivez TYPE.PROPRIETE, par exemple contacts.fax.",
        ),
    ),
    Diagnosis(
        code="SQL_REFUSED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="PostgreSQL refused the query: {reason}",
            remedy="Correct the query; this role only reads.",
        ),
        fr=Explanation(
            problem="PostgreSQL a refusé la requête : {reason}",
            remedy="Corrigez la requête ; ce rôle ne fait que lire.",
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
            steps=(
                "Write the token alone into a file that only you can read, and give --token-file FILE.",
                "Or put it into an environment variable, and give --token-env VARIABLE: the variable's name, not"
                " the token.",
            ),
        ),
        fr=Explanation(
            problem="Aucun jeton trouvé dans {place}.",
            remedy="Donnez-le avec --token-file FICHIER ou --token-env VARIABLE.",
            steps=(
                "Écrivez le jeton seul dans un fichier que vous seul pouvez lire, et donnez --token-file FICHIER.",
                "Ou mettez-le dans une variable d’environnement, et donnez --token-env VARIABLE : le nom de la"
                " variable, pas le jeton.",
            ),
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
            steps=(
                "Check the address: HubSpot's own is https://api.hubapi.com, in all regions.",
                "If you trust {host} with the token, add it to ONTOLOGIE_HUBSPOT_API_HOSTS and start again.",
            ),
        ),
        fr=Explanation(
            problem="L’adresse {host} n’est pas dans la liste des hôtes HubSpot de l’exploitant.",
            remedy="Ajoutez-la à ONTOLOGIE_HUBSPOT_API_HOSTS si vous lui confiez le jeton.",
            steps=(
                "Vérifiez l’adresse : celle de HubSpot est https://api.hubapi.com, dans toutes les régions.",
                "Si vous confiez le jeton à {host}, ajoutez cet hôte à ONTOLOGIE_HUBSPOT_API_HOSTS et redémarrez.",
            ),
        ),
    ),
)
