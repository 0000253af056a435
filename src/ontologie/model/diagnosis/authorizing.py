"""OAuth: the trip to HubSpot's consent page and back."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity
from ontologie.model.diagnosis.links import DEVELOPER_APPS

ENTRIES = (
    Diagnosis(
        code="POPUP_BLOCKED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The browser did not let us open HubSpot's window.",
            remedy="Click the link to go to HubSpot in this tab; or allow popups for this site and try again.",
            steps=(
                "Click the link below: it opens HubSpot in this tab and brings you back here.",
                "Or click the blocked-window sign in the address bar, allow popups for this site, and click Authorize"
                " again.",
            ),
        ),
        fr=Explanation(
            problem="Le navigateur ne nous a pas laissés ouvrir la fenêtre de HubSpot.",
            remedy="Cliquez sur le lien pour aller sur HubSpot dans cet onglet ; ou autorisez les fenêtres pour ce"
            " site et réessayez.",
            steps=(
                "Cliquez sur le lien ci-dessous : il ouvre HubSpot dans cet onglet et vous ramène ici.",
                "Ou cliquez sur le signe de fenêtre bloquée dans la barre d’adresse, autorisez les fenêtres pour ce"
                " site, et cliquez de nouveau sur « Autoriser ».",
            ),
        ),
    ),
    Diagnosis(
        code="POPUP_CLOSED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="HubSpot's window was closed before the authorization was given.",
            remedy="Click Authorize again; nothing was changed.",
        ),
        fr=Explanation(
            problem="La fenêtre de HubSpot a été fermée avant que l’autorisation soit donnée.",
            remedy="Cliquez de nouveau sur « Autoriser » ; rien n’a été modifié.",
        ),
    ),
    Diagnosis(
        code="OAUTH_CONSENT_REFUSED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The authorization was refused on HubSpot's page.",
            remedy="Click Authorize again and accept, or ask a super admin of the HubSpot account to do it.",
        ),
        fr=Explanation(
            problem="L’autorisation a été refusée sur la page de HubSpot.",
            remedy="Cliquez de nouveau sur « Autoriser » et acceptez, ou demandez-le à un super administrateur du"
            " compte HubSpot.",
        ),
    ),
    Diagnosis(
        code="OAUTH_STATE_INVALID",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="This answer of HubSpot's does not belong to an authorization that this browser has begun, or it"
            " was used already.",
            remedy="Go back to the source and click Authorize again, in the browser in which you are logged in.",
        ),
        fr=Explanation(
            problem="Cette réponse de HubSpot n’appartient à aucune autorisation commencée dans ce navigateur, ou elle"
            " a déjà servi.",
            remedy="Revenez à la source et cliquez de nouveau sur « Autoriser », dans le navigateur où vous êtes"
            " connecté.",
        ),
    ),
    Diagnosis(
        code="OAUTH_STATE_EXPIRED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="More than 10 minutes have passed since the authorization was begun.",
            remedy="Click Authorize again.",
        ),
        fr=Explanation(
            problem="Plus de 10 minutes ont passé depuis le début de l’autorisation.",
            remedy="Cliquez de nouveau sur « Autoriser ».",
        ),
    ),
    Diagnosis(
        code="OAUTH_CODE_REFUSED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="HubSpot did not accept the code that its own page gave us: it is good once, and for a minute.",
            remedy="Click Authorize again.",
        ),
        fr=Explanation(
            problem="HubSpot n’a pas accepté le code donné par sa propre page : il sert une fois, pendant une minute.",
            remedy="Cliquez de nouveau sur « Autoriser ».",
        ),
    ),
    Diagnosis(
        code="OAUTH_CLIENT_MISSING",
        severity=Severity.ACTION,
        effect=Effect.SOURCE,
        retry=Retry.NEXT_RUN,
        en=Explanation(
            problem="No OAuth app is set in this installation.",
            remedy="Connect with a service key or with an OAuth app of your own; or have the operator set"
            " ONTOLOGIE_HUBSPOT_CLIENT_ID and ONTOLOGIE_HUBSPOT_CLIENT_SECRET.",
        ),
        fr=Explanation(
            problem="Aucune application OAuth n’est réglée dans cette installation.",
            remedy="Connectez-vous avec une clé de service ou avec votre propre application OAuth ; ou faites régler"
            " ONTOLOGIE_HUBSPOT_CLIENT_ID et ONTOLOGIE_HUBSPOT_CLIENT_SECRET par l’exploitant.",
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
        ),
        fr=Explanation(
            problem="Le Client ID ou le Client secret est vide, ou contient des caractères impossibles.",
            remedy="Copiez les deux depuis l’onglet Auth de votre application dans HubSpot.",
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
        ),
        fr=Explanation(
            problem="HubSpot refuse le Client ID ou le Client secret de l’application OAuth.",
            remedy="Copiez de nouveau les deux depuis l’onglet Auth de l’application dans HubSpot ; le secret a"
            " peut-être été renouvelé.",
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
        ),
        fr=Explanation(
            problem="HubSpot ne renvoie les autorisations que vers des adresses https, et celle de ce site est {uri}.",
            remedy="Placez le site derrière https et indiquez son adresse dans ONTOLOGIE_PUBLIC_URL, ou connectez-vous"
            " avec une clé de service ; sur la machine elle-même, http://localhost fonctionne aussi.",
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
        ),
        fr=Explanation(
            problem="HubSpot ne connaît pas l’adresse de ce site comme URL de redirection de l’application.",
            remedy="Dans HubSpot, ajoutez à l’onglet Auth de l’application l’URL de redirection affichée ici, à la"
            " lettre près.",
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
        ),
        fr=Explanation(
            problem="L’application OAuth n’est pas enregistrée pour les scopes que nous demandons.",
            remedy="Dans HubSpot, ajoutez les scopes à l’application : oauth et crm.objects.contacts.read comme"
            " obligatoires, les autres comme facultatifs.",
        ),
    ),
    Diagnosis(
        code="OAUTH_REFUSED",
        severity=Severity.ACTION,
        effect=Effect.SOURCE,
        retry=Retry.NEXT_RUN,
        en=Explanation(
            problem="HubSpot refused the authorization, and says only: {status}.",
            remedy="Reconnect the account; if it happens again, report it with the lines of the log.",
        ),
        fr=Explanation(
            problem="HubSpot a refusé l’autorisation, et dit seulement : {status}.",
            remedy="Reconnectez le compte ; si cela se reproduit, signalez-le avec les lignes du journal.",
        ),
    ),
    Diagnosis(
        code="DRAFT_UNKNOWN",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="This connection is not being made any more: it was finished, given up, or left for a week.",
            remedy="Begin again from the catalogue.",
        ),
        fr=Explanation(
            problem="Cette connexion n’est plus en cours : elle a été terminée, abandonnée, ou laissée une semaine.",
            remedy="Recommencez depuis le catalogue.",
        ),
    ),
)
