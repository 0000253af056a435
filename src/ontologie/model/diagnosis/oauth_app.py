"""The OAuth app through which an account is opened: its client, its redirect URL, its scopes."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity
from ontologie.model.diagnosis.links import DEVELOPER_APPS

ENTRIES = (
    Diagnosis(
        code="OAUTH_CLIENT_MISSING",
        severity=Severity.ACTION,
        effect=Effect.SOURCE,
        retry=Retry.NEXT_RUN,
        en=Explanation(
            problem="No OAuth app is set in this installation.",
            remedy="Connect with a service key or with an OAuth app of your own; or have the operator set"
            " ONTOLOGIE_HUBSPOT_CLIENT_ID and ONTOLOGIE_HUBSPOT_CLIENT_SECRET.",
            steps=(
                "To go on at once, connect with a service key: no app is needed.",
                "Or make an OAuth app of your own in HubSpot, and paste its client ID and client secret here.",
                "As the operator: set ONTOLOGIE_HUBSPOT_CLIENT_ID and ONTOLOGIE_HUBSPOT_CLIENT_SECRET, and start"
                " again.",
            ),
        ),
        fr=Explanation(
            problem="Aucune application OAuth n’est réglée dans cette installation.",
            remedy="Connectez-vous avec une clé de service ou avec votre propre application OAuth ; ou faites régler"
            " ONTOLOGIE_HUBSPOT_CLIENT_ID et ONTOLOGIE_HUBSPOT_CLIENT_SECRET par l’exploitant.",
            steps=(
                "Pour continuer tout de suite, connectez-vous avec une clé de service : aucune application n’est"
                " nécessaire.",
                "Ou créez une application OAuth à vous dans HubSpot, et collez ici son identifiant et son secret.",
                "En tant qu’exploitant : définissez ONTOLOGIE_HUBSPOT_CLIENT_ID et ONTOLOGIE_HUBSPOT_CLIENT_SECRET,"
                " puis redémarrez.",
            ),
        ),
    ),
    Diagnosis(
        code="OAUTH_CLIENT_MALFORMED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        link=DEVELOPER_APPS,
        en=Explanation(
            problem="The client ID or the client secret is empty, or holds characters that neither can have.",
            remedy="Copy both from the Auth tab of your app in HubSpot.",
            steps=(
                "In HubSpot, open your app and its Auth tab.",
                "Copy the client ID, which looks like xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx, and paste it here.",
                "Click Show beside the client secret, copy it whole, and paste it here.",
            ),
        ),
        fr=Explanation(
            problem="Le Client ID ou le Client secret est vide, ou contient des caractères impossibles.",
            remedy="Copiez les deux depuis l’onglet Auth de votre application dans HubSpot.",
            steps=(
                "Dans HubSpot, ouvrez votre application et son onglet Auth.",
                "Copiez le Client ID, qui ressemble à xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx, et collez-le ici.",
                "Cliquez sur « Afficher » à côté du Client secret, copiez-le en entier et collez-le ici.",
            ),
        ),
    ),
    Diagnosis(
        code="OAUTH_CLIENT_REFUSED",
        severity=Severity.ACTION,
        effect=Effect.SOURCE,
        retry=Retry.NEXT_RUN,
        link=DEVELOPER_APPS,
        en=Explanation(
            problem="HubSpot does not accept the OAuth app's client ID or secret.",
            remedy="Copy both again from the Auth tab of the app in HubSpot; the secret may have been rotated.",
            steps=(
                "In HubSpot, open the app and its Auth tab.",
                "Copy the client ID and the client secret again; a rotated secret replaces the former one.",
                "Paste both here, or, as the operator, correct ONTOLOGIE_HUBSPOT_CLIENT_ID and"
                " ONTOLOGIE_HUBSPOT_CLIENT_SECRET, then start again.",
                "Click Authorize again.",
            ),
        ),
        fr=Explanation(
            problem="HubSpot refuse le Client ID ou le Client secret de l’application OAuth.",
            remedy="Copiez de nouveau les deux depuis l’onglet Auth de l’application dans HubSpot ; le secret a"
            " peut-être été renouvelé.",
            steps=(
                "Dans HubSpot, ouvrez l’application et son onglet Auth.",
                "Copiez de nouveau l’identifiant et le secret ; un secret renouvelé remplace l’ancien.",
                "Collez-les ici ou, en tant qu’exploitant, corrigez ONTOLOGIE_HUBSPOT_CLIENT_ID et"
                " ONTOLOGIE_HUBSPOT_CLIENT_SECRET, puis redémarrez.",
                "Cliquez de nouveau sur « Autoriser ».",
            ),
        ),
    ),
    Diagnosis(
        code="OAUTH_REDIRECT_NOT_HTTPS",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="HubSpot sends authorizations back to https addresses only, and this site's is {uri}.",
            remedy="Put the site behind https and set ONTOLOGIE_PUBLIC_URL to its address, or connect with a service"
            " key; on the machine itself, http://localhost works too.",
            steps=(
                "Put a proxy with a certificate in front of the pages, so that they are opened by https.",
                "Set ONTOLOGIE_PUBLIC_URL to that address, and start again.",
                "Or go without: connect with a service key, or open the pages on the machine itself, at"
                " http://localhost.",
            ),
        ),
        fr=Explanation(
            problem="HubSpot ne renvoie les autorisations que vers des adresses https, et celle de ce site est {uri}.",
            remedy="Placez le site derrière https et indiquez son adresse dans ONTOLOGIE_PUBLIC_URL, ou connectez-vous"
            " avec une clé de service ; sur la machine elle-même, http://localhost fonctionne aussi.",
            steps=(
                "Placez devant les pages un proxy muni d’un certificat, pour qu’elles s’ouvrent en https.",
                "Donnez cette adresse à ONTOLOGIE_PUBLIC_URL, puis redémarrez.",
                "Ou faites sans : connectez-vous avec une clé de service, ou ouvrez les pages sur la machine même, à"
                " http://localhost.",
            ),
        ),
    ),
    Diagnosis(
        code="OAUTH_REDIRECT_REFUSED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        link=DEVELOPER_APPS,
        en=Explanation(
            problem="HubSpot does not know this site's address as a redirect URL of the app.",
            remedy="In HubSpot, add the redirect URL that is shown here to the app's Auth tab, letter for letter.",
            steps=(
                "Copy the redirect URL that is shown here.",
                "In HubSpot, open the app, its Auth tab, and add it to the redirect URLs, letter for letter; save.",
                "Click Authorize again.",
            ),
        ),
        fr=Explanation(
            problem="HubSpot ne connaît pas l’adresse de ce site comme URL de redirection de l’application.",
            remedy="Dans HubSpot, ajoutez à l’onglet Auth de l’application l’URL de redirection affichée ici, à la"
            " lettre près.",
            steps=(
                "Copiez l’URL de redirection affichée ici.",
                "Dans HubSpot, ouvrez l’application, son onglet Auth, et ajoutez-la aux URL de"
                " redirection, à la lettre près ; enregistrez.",
                "Cliquez de nouveau sur « Autoriser ».",
            ),
        ),
    ),
    Diagnosis(
        code="OAUTH_SCOPES_REFUSED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        link=DEVELOPER_APPS,
        en=Explanation(
            problem="The OAuth app is not registered for the scopes we ask for.",
            remedy="In HubSpot, add the scopes to the app: oauth and crm.objects.contacts.read as required ones, the"
            " others as optional.",
            steps=(
                "In HubSpot, open the app and its Auth tab, where the scopes are listed.",
                "Make oauth and crm.objects.contacts.read required scopes, and the others that you want to read"
                " optional ones.",
                "Save, then click Authorize again here.",
            ),
        ),
        fr=Explanation(
            problem="L’application OAuth n’est pas enregistrée pour les scopes que nous demandons.",
            remedy="Dans HubSpot, ajoutez les scopes à l’application : oauth et crm.objects.contacts.read comme"
            " obligatoires, les autres comme facultatifs.",
            steps=(
                "Dans HubSpot, ouvrez l’application et son onglet Auth, où figurent les scopes.",
                "Rendez obligatoires les scopes oauth et crm.objects.contacts.read, et facultatifs les autres que"
                " vous voulez lire.",
                "Enregistrez, puis cliquez de nouveau sur « Autoriser » ici.",
            ),
        ),
    ),
)
