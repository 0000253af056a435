"""Every trouble a user can meet, with stable codes and plain sentences in English and French.

A sentence may hold ``{parameters}``; the error that carries the code brings them.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

Language = Literal["en", "fr"]


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A diagnosis in one language: what is wrong, in one sentence, and what to do, in one."""

    problem: str
    remedy: str


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the catalogue. ``retried``: we try again by ourselves."""

    code: str
    retried: bool
    en: Explanation
    fr: Explanation


def _entry(code: str, en: tuple[str, str], fr: tuple[str, str], *, retried: bool = False) -> tuple[str, Diagnosis]:
    return code, Diagnosis(
        code=code,
        retried=retried,
        en=Explanation(problem=en[0], remedy=en[1]),
        fr=Explanation(problem=fr[0], remedy=fr[1]),
    )


CATALOGUE: dict[str, Diagnosis] = dict(
    [
        _entry(
            "HUBSPOT_SCOPE_MISSING",
            (
                "HubSpot does not let this token read the stream: the scope {scope} is missing.",
                "In HubSpot, edit the app (Development > Keys, or Settings > Integrations > Private Apps), add the"
                " scope {scope}, then sync again.",
            ),
            (
                "HubSpot n'autorise pas ce jeton à lire le flux : le scope {scope} manque.",
                "Dans HubSpot, modifiez l'application (Développement > Clés, ou Paramètres > Intégrations >"
                " Applications privées), ajoutez le scope {scope}, puis relancez la synchronisation.",
            ),
        ),
        _entry(
            "HUBSPOT_TOKEN_INVALID",
            (
                "HubSpot does not accept this token.",
                "Copy the access token again from HubSpot (Development > Keys) and reconnect the source.",
            ),
            (
                "HubSpot refuse ce jeton.",
                "Copiez à nouveau le jeton d'accès depuis HubSpot (Développement > Clés) et reconnectez la source.",
            ),
        ),
        _entry(
            "HUBSPOT_TOKEN_EXPIRED",
            (
                "The authorization HubSpot gave us has expired.",
                "Reconnect the account. Private-app tokens do not expire; an OAuth connection does when it is revoked.",
            ),
            (
                "L'autorisation donnée par HubSpot a expiré.",
                "Reconnectez le compte. Les jetons d'application privée n'expirent pas ; une connexion OAuth, oui,"
                " quand elle est révoquée.",
            ),
        ),
        _entry(
            "HUBSPOT_TOKEN_MALFORMED",
            (
                "This does not look like a HubSpot access token.",
                "A token looks like pat-eu1-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx; copy it whole from HubSpot.",
            ),
            (
                "Ceci ne ressemble pas à un jeton d'accès HubSpot.",
                "Un jeton ressemble à pat-eu1-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx ; copiez-le en entier.",
            ),
        ),
        _entry(
            "HUBSPOT_RATE_LIMITED",
            ("HubSpot asked us to slow down.", "Nothing to do: we go on by ourselves."),
            ("HubSpot nous a demandé de ralentir.", "Rien à faire : nous continuons de nous-mêmes."),
            retried=True,
        ),
        _entry(
            "HUBSPOT_DAILY_QUOTA_REACHED",
            (
                "The HubSpot account's daily quota of API requests is used up.",
                "Nothing to do: HubSpot opens it again at midnight in the account's time zone. Another app may be"
                " using much of it.",
            ),
            (
                "Le quota quotidien de requêtes API du compte HubSpot est épuisé.",
                "Rien à faire : HubSpot le rouvre à minuit, heure du compte. Une autre application en consomme"
                " peut-être beaucoup.",
            ),
            retried=True,
        ),
        _entry(
            "HUBSPOT_UNREACHABLE",
            (
                "HubSpot does not answer at the moment.",
                "Nothing to do: we try again. If it lasts, check the network and status.hubspot.com.",
            ),
            (
                "HubSpot ne répond pas pour le moment.",
                "Rien à faire : nous réessayons. Si cela dure, vérifiez le réseau et status.hubspot.com.",
            ),
            retried=True,
        ),
        _entry(
            "HUBSPOT_MIGRATING",
            (
                "HubSpot is moving this account to another data centre.",
                "Nothing to do: we try again when HubSpot says so, within 24 hours.",
            ),
            (
                "HubSpot déplace ce compte vers un autre centre de données.",
                "Rien à faire : nous réessayons quand HubSpot le permet, sous 24 heures.",
            ),
            retried=True,
        ),
        _entry(
            "HUBSPOT_REQUEST_REFUSED",
            (
                "HubSpot refused a request (status {status}).",
                "Try again; if it happens again, report it with the lines of the log.",
            ),
            (
                "HubSpot a refusé une requête (statut {status}).",
                "Réessayez ; si cela se reproduit, signalez-le avec les lignes du journal.",
            ),
        ),
        _entry(
            "HUBSPOT_CONTRACT_BROKEN",
            (
                "HubSpot's answers contradict what it documents, so we stopped rather than store wrong data.",
                "Try again; if it happens again, report it with the lines of the log.",
            ),
            (
                "Les réponses de HubSpot contredisent sa documentation : nous nous sommes arrêtés plutôt que"
                " d'enregistrer des données fausses.",
                "Réessayez ; si cela se reproduit, signalez-le avec les lignes du journal.",
            ),
            retried=True,
        ),
        _entry(
            "HUBSPOT_OTHER_PORTAL",
            (
                "This token belongs to the HubSpot account {found}, and the source reads the account {expected}.",
                "Use a token of the account {expected}, or add a new source for the account {found}.",
            ),
            (
                "Ce jeton appartient au compte HubSpot {found}, alors que la source lit le compte {expected}.",
                "Utilisez un jeton du compte {expected}, ou ajoutez une source pour le compte {found}.",
            ),
        ),
        _entry(
            "RECORDS_LIMIT_REACHED",
            (
                "The run stopped at its limit of {limit} records.",
                "Nothing to do: the next run follows at once and goes on where this one stopped.",
            ),
            (
                "La synchronisation s'est arrêtée à sa limite de {limit} enregistrements.",
                "Rien à faire : la suivante démarre aussitôt et reprend où celle-ci s'est arrêtée.",
            ),
            retried=True,
        ),
        _entry(
            "MASS_DELETION_HELD",
            (
                "{count} records of {object_type} have disappeared from HubSpot at once; we kept them.",
                "If it is right, confirm with ontologie sync {source} --confirm-deletions.",
            ),
            (
                "{count} enregistrements de {object_type} ont disparu de HubSpot d'un coup ; nous les avons gardés.",
                "Si c'est voulu, confirmez avec ontologie sync {source} --confirm-deletions.",
            ),
        ),
        _entry(
            "STREAM_STOPPED",
            ("This stream could not be read.", "See the log; the other streams went on."),
            ("Ce flux n'a pas pu être lu.", "Voyez le journal ; les autres flux ont continué."),
        ),
        _entry(
            "STORE_UNREACHABLE",
            (
                "The database does not answer.",
                "Check that PostgreSQL runs (ontologie doctor); the sync goes on from its last commit.",
            ),
            (
                "La base de données ne répond pas.",
                "Vérifiez que PostgreSQL tourne (ontologie doctor) ; la synchronisation reprend à son dernier commit.",
            ),
            retried=True,
        ),
        _entry(
            "DISK_NEARLY_FULL",
            ("The disk of the database is full.", "Free some space, then sync again; nothing stored is lost."),
            (
                "Le disque de la base de données est plein.",
                "Libérez de la place, puis relancez ; rien de ce qui est enregistré n'est perdu.",
            ),
        ),
        _entry(
            "LEASE_LOST",
            ("Another worker has taken this source over.", "Nothing to do: it goes on from the last commit."),
            ("Un autre processus a repris cette source.", "Rien à faire : il continue au dernier commit."),
            retried=True,
        ),
        _entry(
            "SOURCE_DATA_OF_OTHER_PORTAL",
            (
                "The records kept when the source {source} was removed belong to another HubSpot account ({portal}).",
                "Choose another name for the new source.",
            ),
            (
                "Les enregistrements gardés au retrait de la source {source} viennent d'un autre compte HubSpot"
                " ({portal}).",
                "Choisissez un autre nom pour la nouvelle source.",
            ),
        ),
        _entry(
            "SOURCE_UNKNOWN",
            (
                "There is no source named {source}.",
                "List the sources with ontologie source list, or add one with ontologie source add.",
            ),
            (
                "Il n'y a pas de source nommée {source}.",
                "Listez les sources avec ontologie source list, ou ajoutez-en une avec ontologie source add.",
            ),
        ),
        _entry(
            "SOURCE_NAME_TAKEN",
            ("The name {source} is taken by another source.", "Choose another name."),
            ("Le nom {source} est déjà pris par une autre source.", "Choisissez un autre nom."),
        ),
        _entry(
            "STREAM_UNKNOWN",
            ("There is no stream named {stream}.", "The streams are {known}."),
            ("Il n'y a pas de flux nommé {stream}.", "Les flux sont {known}."),
        ),
        _entry(
            "FREQUENCY_UNKNOWN",
            (
                "{frequency} is not a frequency.",
                'Use manual, 5m, 15m, 1h, 6h, daily, weekly or "cron" with five fields.',
            ),
            (
                "{frequency} n'est pas une fréquence.",
                'Utilisez manual, 5m, 15m, 1h, 6h, daily, weekly ou "cron" suivi de cinq champs.',
            ),
        ),
        _entry(
            "API_HOST_REFUSED",
            (
                "The address {host} is not on the operator's list of HubSpot hosts.",
                "Add it to ONTOLOGIE_HUBSPOT_API_HOSTS if you trust it with the token.",
            ),
            (
                "L'adresse {host} n'est pas dans la liste des hôtes HubSpot de l'exploitant.",
                "Ajoutez-la à ONTOLOGIE_HUBSPOT_API_HOSTS si vous lui confiez le jeton.",
            ),
        ),
        _entry(
            "TOKEN_NOT_GIVEN",
            ("No token was found in {place}.", "Give it with --token-file FILE or --token-env VARIABLE."),
            ("Aucun jeton trouvé dans {place}.", "Donnez-le avec --token-file FICHIER ou --token-env VARIABLE."),
        ),
        _entry(
            "HOME_NOT_WRITABLE",
            (
                "The data folder {path} is not writable.",
                "Give yourself the right to write there, or set ONTOLOGIE_HOME to another folder.",
            ),
            (
                "Le dossier de données {path} n'est pas accessible en écriture.",
                "Donnez-vous le droit d'y écrire, ou indiquez un autre dossier dans ONTOLOGIE_HOME.",
            ),
        ),
        _entry(
            "DATA_NEWER",
            (
                "The data was written by a newer version (migration {found}, this one knows {known}).",
                "Install the newer version again; nothing was changed.",
            ),
            (
                "Les données ont été écrites par une version plus récente (migration {found}, celle-ci connaît"
                " {known}).",
                "Réinstallez la version plus récente ; rien n'a été modifié.",
            ),
        ),
        _entry(
            "DATA_OTHER_POSTGRES",
            (
                "The data folder {path} belongs to another PostgreSQL than version {major}.",
                "Install the version that made it, or set ONTOLOGIE_HOME to another folder; nothing was changed.",
            ),
            (
                "Le dossier de données {path} appartient à un autre PostgreSQL que la version {major}.",
                "Installez la version qui l'a créé, ou indiquez un autre ONTOLOGIE_HOME ; rien n'a été modifié.",
            ),
        ),
        _entry(
            "DATABASE_NOT_STARTED",
            ("The embedded PostgreSQL did not start.", "Its own words are in {path}."),
            ("Le PostgreSQL embarqué n'a pas démarré.", "Ses propres messages sont dans {path}."),
        ),
        _entry(
            "DATABASE_UNREACHABLE",
            ("PostgreSQL does not answer at the configured address.", "Check ONTOLOGIE_DATABASE_URL and the server."),
            ("PostgreSQL ne répond pas à l'adresse configurée.", "Vérifiez ONTOLOGIE_DATABASE_URL et le serveur."),
        ),
        _entry(
            "DATABASE_ROLE_REFUSED",
            (
                "The database user may not create the read-only role {role}.",
                "Give it CREATEROLE, or have an administrator create the role.",
            ),
            (
                "L'utilisateur de la base ne peut pas créer le rôle de lecture {role}.",
                "Donnez-lui CREATEROLE, ou faites créer le rôle par un administrateur.",
            ),
        ),
        _entry(
            "PORT_TAKEN",
            (
                "The port {port} is taken by another program.",
                "Stop that program, or choose another port with ONTOLOGIE_{setting}.",
            ),
            (
                "Le port {port} est pris par un autre programme.",
                "Arrêtez ce programme, ou choisissez un autre port avec ONTOLOGIE_{setting}.",
            ),
        ),
        _entry(
            "SECRET_KEY_WRONG",
            (
                "The stored credentials were sealed with another key.",
                "Bring back the key file secret.key (or ONTOLOGIE_SECRET_KEY), or reconnect the source.",
            ),
            (
                "Les identifiants enregistrés ont été chiffrés avec une autre clé.",
                "Remettez le fichier secret.key (ou ONTOLOGIE_SECRET_KEY), ou reconnectez la source.",
            ),
        ),
        _entry(
            "SECRET_KEY_MALFORMED",
            ("The secret key is not 32 bytes in base64.", "Correct ONTOLOGIE_SECRET_KEY or the file secret.key."),
            (
                "La clé secrète n'est pas de 32 octets en base64.",
                "Corrigez ONTOLOGIE_SECRET_KEY ou le fichier secret.key.",
            ),
        ),
        _entry(
            "SETTING_WRONG",
            ("The setting {setting} is wrong: {reason}.", "Correct it in the environment or in ontologie.toml."),
            (
                "Le réglage {setting} est incorrect : {reason}.",
                "Corrigez-le dans l'environnement ou dans ontologie.toml.",
            ),
        ),
        _entry(
            "SQL_REFUSED",
            ("PostgreSQL refused the query: {reason}", "Correct the query; this role only reads."),
            ("PostgreSQL a refusé la requête : {reason}", "Corrigez la requête ; ce rôle ne fait que lire."),
        ),
        _entry(
            "TOO_MANY_PROPERTIES",
            (
                "{object_type} has {count} properties, more than a PostgreSQL table can hold.",
                "Exclude some with --exclude {object_type}.PROPERTY.",
            ),
            (
                "{object_type} a {count} propriétés, plus qu'une table PostgreSQL ne peut en contenir.",
                "Excluez-en avec --exclude {object_type}.PROPRIETE.",
            ),
        ),
        _entry(
            "CONNECTOR_UNKNOWN",
            ("There is no connector called {name}.", "Choose one of: {known}."),
            ("Il n'y a pas de connecteur nommé {name}.", "Choisissez parmi : {known}."),
        ),
        _entry(
            "SOURCE_NAME_MALFORMED",
            (
                "{name} cannot be the name of a source.",
                "Use up to 40 small letters, digits, - or _, beginning with a letter.",
            ),
            (
                "{name} ne peut pas être le nom d'une source.",
                "Utilisez au plus 40 lettres minuscules, chiffres, - ou _, en commençant par une lettre.",
            ),
        ),
        _entry(
            "EXCLUDE_MALFORMED",
            ("{item} names no property to exclude.", "Write OBJECT_TYPE.PROPERTY, for instance contacts.fax."),
            ("{item} ne désigne pas de propriété à exclure.", "Écrivez TYPE.PROPRIETE, par exemple contacts.fax."),
        ),
        _entry(
            "SOURCE_REMOVED",
            ("The source was removed while it was being synced.", "Add it again if that was not meant."),
            ("La source a été retirée pendant sa synchronisation.", "Ajoutez-la de nouveau si ce n'était pas voulu."),
        ),
        _entry(
            "SIMULATOR_NOT_STARTED",
            (
                "The simulated portal did not start on port {port}.",
                "Free the port or set ONTOLOGIE_SIMULATOR_PORT to another one.",
            ),
            (
                "Le portail simulé n'a pas démarré sur le port {port}.",
                "Libérez le port ou donnez-en un autre avec ONTOLOGIE_SIMULATOR_PORT.",
            ),
        ),
        _entry(
            "WRONG_USAGE",
            ("The command was not understood.", "See ontologie --help."),
            ("La commande n'a pas été comprise.", "Voyez ontologie --help."),
        ),
        _entry(
            "INTERNAL_ERROR",
            ("Something went wrong on our side.", "Try again; the details are in the log."),
            ("Quelque chose s'est mal passé de notre côté.", "Réessayez ; les détails sont dans le journal."),
            retried=True,
        ),
    ]
)


def explain(code: str, params: Mapping[str, str | int], language: Language) -> Explanation:
    """The sentences of ``code`` in ``language``, filled with ``params``. KeyError for an unknown code: our bug."""
    found: Explanation = getattr(CATALOGUE[code], language)
    return Explanation(problem=found.problem.format_map(_Known(params)), remedy=found.remedy.format_map(_Known(params)))


class _Known(dict[str, str | int]):
    """Parameters; one that the error did not bring shows as an ellipsis rather than breaking the page."""

    def __missing__(self, key: str) -> str:
        return "…"
