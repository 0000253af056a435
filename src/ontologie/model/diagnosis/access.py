"""Tokens, scopes and plans: what opens an account, and what does not."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity
from ontologie.model.diagnosis.links import CONNECTED_APPS, PLANS, SERVICE_KEYS, USERS

ENTRIES = (
    Diagnosis(
        code="HUBSPOT_SCOPE_MISSING",
        severity=Severity.ACTION,
        effect=Effect.STREAM,
        retry=Retry.NEXT_RUN,
        link=SERVICE_KEYS,
        en=Explanation(
            problem="HubSpot does not let us read this stream: the scope {scope} has not been granted.",
            remedy="Add the scope {scope} to the key or app in HubSpot, then reconnect the source here.",
            steps=(
                "In HubSpot, open Development > Keys > Service keys and choose the key; an older private app is under"
                " Development > Legacy apps, or Settings > Integrations > Private Apps.",
                "Click Add new scope, tick {scope}, click Update, then save.",
                "Here, click Sync now: the key itself has not changed. With OAuth, reconnect the account instead and"
                " accept the scope.",
            ),
        ),
        fr=Explanation(
            problem="HubSpot ne nous laisse pas lire ce flux : le scope {scope} n’a pas été accordé.",
            remedy="Ajoutez le scope {scope} à la clé ou à l’application dans HubSpot, puis reconnectez la source ici.",
            steps=(
                "Dans HubSpot, ouvrez Développement > Clés > Clés de service et choisissez la clé ; une application"
                " privée plus ancienne se trouve dans Développement > Applications héritées, ou Paramètres >"
                " Intégrations > Applications privées.",
                "Cliquez sur « Ajouter un nouveau scope », cochez {scope}, cliquez sur « Mettre à jour », puis"
                " enregistrez.",
                "Ici, cliquez sur « Synchroniser » : la clé elle-même n’a pas changé. Avec OAuth, reconnectez plutôt"
                " le compte et acceptez le scope.",
            ),
        ),
    ),
    Diagnosis(
        code="HUBSPOT_PERMISSION_MISSING",
        severity=Severity.ACTION,
        effect=Effect.STREAM,
        retry=Retry.NEXT_RUN,
        link=USERS,
        en=Explanation(
            problem="HubSpot refuses this stream to the person who authorized the connection: their user permissions"
            " do not reach that far.",
            remedy="Have a super admin authorize the connection, or give that person the permission to view all such"
            " records.",
            steps=(
                "In HubSpot, a super admin opens Settings > Users & Teams, the person, Permissions, and lets them view"
                " all records of this kind.",
                "Or a super admin reconnects the source here.",
            ),
        ),
        fr=Explanation(
            problem="HubSpot refuse ce flux à la personne qui a autorisé la connexion : ses droits d’utilisateur ne"
            " vont pas jusque-là.",
            remedy="Faites autoriser la connexion par un super administrateur, ou donnez à cette personne le droit de"
            " voir tous ces enregistrements.",
            steps=(
                "Dans HubSpot, un super administrateur ouvre Paramètres > Utilisateurs et équipes, la personne,"
                " Autorisations, et lui permet de voir tous les enregistrements de ce type.",
                "Ou bien un super administrateur reconnecte la source ici.",
            ),
        ),
    ),
    Diagnosis(
        code="HUBSPOT_PLAN_WITHOUT_API",
        severity=Severity.ACTION,
        effect=Effect.OWN,
        retry=Retry.NEXT_RUN,
        link=PLANS,
        en=Explanation(
            problem="The credentials are good, but the account's HubSpot plan gives no access to this part of the API.",
            remedy="Full API access needs the HubSpot plan Starter or above: move to a paid plan to open it.",
            steps=(
                "In HubSpot, open Settings > Account & Billing and look at the plan.",
                "Move to Starter or above; a trial of a higher plan that has ended closes the API too.",
                "Here, click Sync now, or test the connection again.",
            ),
            data="The streams concerned keep what they held and get nothing new; those that the plan allows go on.",
        ),
        fr=Explanation(
            problem="Les identifiants sont bons, mais l’offre HubSpot du compte ne donne pas accès à cette partie de"
            " l’API.",
            remedy="L’accès API complet nécessite un plan HubSpot Starter ou supérieur : passez à un plan payant pour"
            " le débloquer.",
            steps=(
                "Dans HubSpot, ouvrez Paramètres > Compte et facturation et regardez l’offre.",
                "Passez à Starter ou plus ; la fin de l’essai d’une offre supérieure ferme aussi l’API.",
                "Ici, cliquez sur « Synchroniser », ou testez de nouveau la connexion.",
            ),
            data="Les flux concernés gardent ce qu’ils contenaient et ne reçoivent plus rien de nouveau ; ceux que"
            " l’offre permet continuent.",
        ),
    ),
    Diagnosis(
        code="HUBSPOT_TOKEN_INVALID",
        severity=Severity.ACTION,
        effect=Effect.SOURCE,
        retry=Retry.NEXT_RUN,
        link=SERVICE_KEYS,
        en=Explanation(
            problem="HubSpot does not accept this token.",
            remedy="Copy the access token again from HubSpot (Development > Keys > Service keys), whole, and paste it"
            " here.",
            steps=(
                "In HubSpot, open Development > Keys > Service keys, choose the key, click Show, then Copy.",
                "Check that you are in the right account: its name is at the top right.",
                "Paste the key here and test the connection.",
            ),
        ),
        fr=Explanation(
            problem="HubSpot refuse ce jeton.",
            remedy="Copiez à nouveau le jeton d’accès depuis HubSpot (Développement > Clés > Clés de service), en"
            " entier, et collez-le ici.",
            steps=(
                "Dans HubSpot, ouvrez Développement > Clés > Clés de service, choisissez la clé, cliquez sur"
                " « Afficher », puis sur « Copier ».",
                "Vérifiez que vous êtes dans le bon compte : son nom est en haut à droite.",
                "Collez la clé ici et testez la connexion.",
            ),
        ),
    ),
    Diagnosis(
        code="HUBSPOT_TOKEN_REVOKED",
        severity=Severity.ACTION,
        effect=Effect.SOURCE,
        retry=Retry.NEXT_RUN,
        link=SERVICE_KEYS,
        en=Explanation(
            problem="HubSpot no longer accepts the credentials that used to open this account: the key was rotated or"
            " deleted, or the authorization was withdrawn.",
            remedy="Reconnect the source, with the key's new value or by authorizing again.",
            steps=(
                "With a key: in HubSpot, open Development > Keys > Service keys and copy its present value, or create"
                " a new one with the same scopes.",
                "Here, open the source, click Reconnect, and paste the key. With OAuth, click Authorize.",
            ),
        ),
        fr=Explanation(
            problem="HubSpot n’accepte plus les identifiants qui ouvraient ce compte : la clé a été renouvelée ou"
            " supprimée, ou l’autorisation a été retirée.",
            remedy="Reconnectez la source, avec la nouvelle valeur de la clé ou en autorisant à nouveau.",
            steps=(
                "Avec une clé : dans HubSpot, ouvrez Développement > Clés > Clés de service et copiez sa valeur"
                " actuelle, ou créez-en une nouvelle avec les mêmes scopes.",
                "Ici, ouvrez la source, cliquez sur « Reconnecter » et collez la clé. Avec OAuth, cliquez sur"
                " « Autoriser ».",
            ),
        ),
    ),
    Diagnosis(
        code="HUBSPOT_APP_UNINSTALLED",
        severity=Severity.ACTION,
        effect=Effect.SOURCE,
        retry=Retry.NEXT_RUN,
        link=CONNECTED_APPS,
        en=Explanation(
            problem="The app through which we read this HubSpot account has been uninstalled from it.",
            remedy="Reconnect the source: authorizing installs the app again.",
            steps=(
                "Ask whoever uninstalled it under Settings > Integrations > Connected apps whether that was meant.",
                "Here, open the source, click Reconnect, then Authorize.",
            ),
        ),
        fr=Explanation(
            problem="L’application par laquelle nous lisons ce compte HubSpot en a été désinstallée.",
            remedy="Reconnectez la source : l’autorisation réinstalle l’application.",
            steps=(
                "Demandez à la personne qui l’a désinstallée dans Paramètres > Intégrations > Applications connectées"
                " si c’était voulu.",
                "Ici, ouvrez la source, cliquez sur « Reconnecter », puis sur « Autoriser ».",
            ),
        ),
    ),
    Diagnosis(
        code="HUBSPOT_TOKEN_EXPIRED",
        severity=Severity.ACTION,
        effect=Effect.SOURCE,
        retry=Retry.NEXT_RUN,
        link=CONNECTED_APPS,
        en=Explanation(
            problem="HubSpot says that the access we were given has expired.",
            remedy="Reconnect the account to refresh the token. Tokens of private apps and service keys do not expire;"
            " those of OAuth do.",
            steps=(
                "Here, open the source and click Reconnect.",
                "Click Authorize and choose the same HubSpot account.",
                "If it was connected with a key: private apps' tokens and service keys do not expire, so this one was"
                " rotated. Paste its present value instead.",
            ),
        ),
        fr=Explanation(
            problem="HubSpot indique que l’accès qui nous était donné a expiré.",
            remedy="Reconnectez le compte pour rafraîchir le jeton. Les jetons d’application privée et les clés de"
            " service n’expirent pas ; ceux d’OAuth, oui.",
            steps=(
                "Ici, ouvrez la source et cliquez sur « Reconnecter ».",
                "Cliquez sur « Autoriser » et choisissez le même compte HubSpot.",
                "Si elle a été connectée avec une clé : les jetons d’application privée et les clés de service"
                " n’expirent pas, celle-ci a donc été renouvelée. Collez plutôt sa valeur actuelle.",
            ),
        ),
    ),
    Diagnosis(
        code="HUBSPOT_TOKEN_MALFORMED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        link=SERVICE_KEYS,
        en=Explanation(
            problem="This does not look like a HubSpot access token; nothing was sent.",
            remedy="A token looks like pat-eu1-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx; copy it whole from HubSpot.",
            steps=(
                "In HubSpot, open Development > Keys > Service keys and choose the key.",
                "Click Show, then Copy, so that nothing is missing or added.",
                "Paste it here: it looks like pat-eu1-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx.",
            ),
        ),
        fr=Explanation(
            problem="Ceci ne ressemble pas à un jeton d’accès HubSpot ; rien n’a été envoyé.",
            remedy="Un jeton ressemble à pat-eu1-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx ; copiez-le en entier.",
            steps=(
                "Dans HubSpot, ouvrez Développement > Clés > Clés de service et choisissez la clé.",
                "Cliquez sur « Afficher », puis sur « Copier », pour que rien ne manque ni ne soit ajouté.",
                "Collez-la ici : elle ressemble à pat-eu1-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx.",
            ),
        ),
    ),
    Diagnosis(
        code="HUBSPOT_OTHER_PORTAL",
        severity=Severity.ACTION,
        effect=Effect.SOURCE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="These credentials open the HubSpot account {found}, and the source reads the account {expected}."
            " We never mix two accounts in one source.",
            remedy="Use credentials of the account {expected}, or add a new source for the account {found}.",
            steps=(
                "In HubSpot, look at the account's number at the top right, and change to the account {expected}.",
                "Here, open the source, click Reconnect, and give a key of that account, or authorize it.",
                "To read the account {found} as well, add a source of its own from Connectors.",
            ),
        ),
        fr=Explanation(
            problem="Ces identifiants ouvrent le compte HubSpot {found}, alors que la source lit le compte {expected}."
            " Nous ne mélangeons jamais deux comptes dans une source.",
            remedy="Utilisez des identifiants du compte {expected}, ou ajoutez une source pour le compte {found}.",
            steps=(
                "Dans HubSpot, regardez le numéro du compte en haut à droite, et passez au compte {expected}.",
                "Ici, ouvrez la source, cliquez sur « Reconnecter » et donnez une clé de ce compte, ou autorisez-le.",
                "Pour lire aussi le compte {found}, ajoutez une source à part depuis Connecteurs.",
            ),
        ),
    ),
)
