"""OAuth: the trip to HubSpot's consent page and back."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity

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
            steps=(
                "Click Authorize again: HubSpot's window opens anew; nothing was changed.",
                "Choose the account and accept; the window then closes by itself.",
                "If HubSpot's window showed an error instead of the account, look at the app's redirect URLs and"
                " scopes in HubSpot.",
            ),
        ),
        fr=Explanation(
            problem="La fenêtre de HubSpot a été fermée avant que l’autorisation soit donnée.",
            remedy="Cliquez de nouveau sur « Autoriser » ; rien n’a été modifié.",
            steps=(
                "Cliquez de nouveau sur « Autoriser » : la fenêtre de HubSpot s’ouvre encore ; rien n’a été modifié.",
                "Choisissez le compte et acceptez ; la fenêtre se ferme ensuite d’elle-même.",
                "Si la fenêtre de HubSpot montrait une erreur au lieu du compte, vérifiez dans HubSpot les URL de"
                " redirection et les scopes de l’application.",
            ),
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
            steps=(
                "Ask yourself whether you meant to refuse: nothing was changed, and we only read.",
                "Click Authorize again, choose the account, and accept.",
                "If HubSpot does not let you accept, have a super admin of the account do it.",
            ),
        ),
        fr=Explanation(
            problem="L’autorisation a été refusée sur la page de HubSpot.",
            remedy="Cliquez de nouveau sur « Autoriser » et acceptez, ou demandez-le à un super administrateur du"
            " compte HubSpot.",
            steps=(
                "Demandez-vous si vous vouliez refuser : rien n’a changé, et nous ne faisons que lire.",
                "Cliquez de nouveau sur « Autoriser », choisissez le compte, puis acceptez.",
                "Si HubSpot ne vous laisse pas accepter, demandez à un super administrateur du compte.",
            ),
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
            steps=(
                "Go back to the page of the connection, in the browser in which you are logged in here.",
                "Click Authorize again, and answer in the window that opens.",
                "Should it come back, allow this site's cookies: without them the answer cannot be told from a"
                " stranger's.",
            ),
        ),
        fr=Explanation(
            problem="Cette réponse de HubSpot n’appartient à aucune autorisation commencée dans ce navigateur, ou elle"
            " a déjà servi.",
            remedy="Revenez à la source et cliquez de nouveau sur « Autoriser », dans le navigateur où vous êtes"
            " connecté.",
            steps=(
                "Revenez à la page de la connexion, dans le navigateur où vous êtes connecté ici.",
                "Cliquez de nouveau sur « Autoriser » et répondez dans la fenêtre qui s’ouvre.",
                "Si cela se répète, autorisez les cookies de ce site : sans eux, la réponse ne se distingue pas de"
                " celle d’un inconnu.",
            ),
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
            steps=(
                "Click Authorize again: each authorization is good for 10 minutes.",
                "Choose the account and accept within that time; if somebody else must accept, have them do it in"
                " one go.",
            ),
        ),
        fr=Explanation(
            problem="Plus de 10 minutes ont passé depuis le début de l’autorisation.",
            remedy="Cliquez de nouveau sur « Autoriser ».",
            steps=(
                "Cliquez de nouveau sur « Autoriser » : chaque autorisation est valable 10 minutes.",
                "Choisissez le compte et acceptez dans ce délai ; si quelqu’un d’autre doit accepter, faites-le en"
                " une seule fois.",
            ),
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
            steps=(
                "Click Authorize again and accept: HubSpot gives a new code.",
                "If it happens each time, check that this machine's clock is right and that it reaches"
                " api.hubapi.com without a proxy that repeats requests.",
            ),
        ),
        fr=Explanation(
            problem="HubSpot n’a pas accepté le code donné par sa propre page : il sert une fois, pendant une minute.",
            remedy="Cliquez de nouveau sur « Autoriser ».",
            steps=(
                "Cliquez de nouveau sur « Autoriser » et acceptez : HubSpot donne un nouveau code.",
                "Si cela se répète, vérifiez que l’horloge de cette machine est juste et qu’elle atteint"
                " api.hubapi.com sans proxy qui répète les requêtes.",
            ),
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
            steps=(
                "Here, open the source, click Reconnect, then Authorize.",
                "If it happens again, look at the app in HubSpot: is it still there, with the same client ID and"
                " redirect URL?",
                "Then report it, with the lines of the log.",
            ),
        ),
        fr=Explanation(
            problem="HubSpot a refusé l’autorisation, et dit seulement : {status}.",
            remedy="Reconnectez le compte ; si cela se reproduit, signalez-le avec les lignes du journal.",
            steps=(
                "Ici, ouvrez la source, cliquez sur « Reconnecter », puis sur « Autoriser ».",
                "Si cela se reproduit, regardez l’application dans HubSpot : existe-t-elle encore, avec le même"
                " identifiant et la même URL de redirection ?",
                "Ensuite signalez-le, avec les lignes du journal.",
            ),
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
            steps=(
                "Look whether it was finished already: the source is then in Sources.",
                "If not, open Connectors and begin again; nothing of the unfinished one is kept, its credentials"
                " neither.",
            ),
        ),
        fr=Explanation(
            problem="Cette connexion n’est plus en cours : elle a été terminée, abandonnée, ou laissée une semaine.",
            remedy="Recommencez depuis le catalogue.",
            steps=(
                "Regardez si elle a déjà été terminée : la source est alors dans Sources.",
                "Sinon, ouvrez Connecteurs et recommencez ; rien n’est gardé de la connexion inachevée, pas même"
                " ses identifiants.",
            ),
        ),
    ),
)
