"""People and programs: roles, passwords, API keys."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity

ENTRIES = (
    Diagnosis(
        code="PERMISSION_MISSING",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="This needs the role {needed}; yours is {role}.",
            remedy="Ask someone with that role to do it, or an owner to change yours (Settings > Users).",
        ),
        fr=Explanation(
            problem="Ceci demande le rôle {needed} ; le vôtre est {role}.",
            remedy="Demandez-le à quelqu’un qui a ce rôle, ou à un propriétaire de changer le vôtre (Réglages >"
            " Utilisateurs).",
        ),
    ),
    Diagnosis(
        code="LOGIN_FAILED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The name or the password is wrong.",
            remedy="Try again, or ask an admin for a new login link (Settings > Users).",
        ),
        fr=Explanation(
            problem="Le nom ou le mot de passe est faux.",
            remedy="Réessayez, ou demandez un nouveau lien de connexion à un administrateur (Réglages >"
            " Utilisateurs).",
        ),
    ),
    Diagnosis(
        code="LOGIN_LOCKED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="There were too many failed tries.",
            remedy="Wait {minutes} min, or use a login link: an admin makes one (Settings > Users), or"
            " ontologie login-link for the owner.",
        ),
        fr=Explanation(
            problem="Il y a eu trop d’essais infructueux.",
            remedy="Attendez {minutes} min, ou utilisez un lien de connexion : un administrateur en crée"
            " un (Réglages > Utilisateurs), ou ontologie login-link pour le propriétaire.",
        ),
    ),
    Diagnosis(
        code="PASSWORD_WRONG",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The present password is wrong.",
            remedy="Type the present one again, or ask an admin for a login link.",
        ),
        fr=Explanation(
            problem="Le mot de passe actuel est faux.",
            remedy="Saisissez-le de nouveau, ou demandez un lien de connexion à un administrateur.",
        ),
    ),
    Diagnosis(
        code="PASSWORD_WEAK",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="This password is too easy to guess, or too long.",
            remedy="Choose at least {least} characters, not the same few again and again; a sentence is"
            " good.",
        ),
        fr=Explanation(
            problem="Ce mot de passe est trop facile à deviner, ou trop long.",
            remedy="Choisissez au moins {least} caractères, pas toujours les mêmes ; une phrase convient"
            " bien.",
        ),
    ),
    Diagnosis(
        code="USER_NAME_MALFORMED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="This cannot be the name of a user.",
            remedy="Use up to {most} characters without @, as the person is called.",
        ),
        fr=Explanation(
            problem="Ceci ne peut pas être le nom d’un utilisateur.",
            remedy="Utilisez au plus {most} caractères sans @, comme la personne s’appelle.",
        ),
    ),
    Diagnosis(
        code="EMAIL_MALFORMED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="This is not an e-mail address.",
            remedy="Write it as name@example.com.",
        ),
        fr=Explanation(
            problem="Ceci n’est pas une adresse e-mail.",
            remedy="Écrivez-la sous la forme nom@exemple.fr.",
        ),
    ),
    Diagnosis(
        code="USER_TAKEN",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="Another user has this name or this e-mail address.",
            remedy="Choose another one, or change theirs first.",
        ),
        fr=Explanation(
            problem="Un autre utilisateur a ce nom ou cette adresse e-mail.",
            remedy="Choisissez-en un autre, ou changez d’abord le sien.",
        ),
    ),
    Diagnosis(
        code="USER_UNKNOWN",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="This user is not there any more.",
            remedy="Reload the list of users.",
        ),
        fr=Explanation(
            problem="Cet utilisateur n’existe plus.",
            remedy="Rechargez la liste des utilisateurs.",
        ),
    ),
    Diagnosis(
        code="LAST_OWNER",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="This is the last owner of the installation.",
            remedy="Make somebody else an owner first.",
        ),
        fr=Explanation(
            problem="C’est le dernier propriétaire de l’installation.",
            remedy="Nommez d’abord quelqu’un d’autre propriétaire.",
        ),
    ),
    Diagnosis(
        code="API_SCOPE_NOT_GIVEN",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="An API key needs at least one scope.",
            remedy="Tick what the key may do.",
        ),
        fr=Explanation(
            problem="Une clé d’API a besoin d’au moins un scope.",
            remedy="Cochez ce que la clé peut faire.",
        ),
    ),
    Diagnosis(
        code="API_KEY_REFUSED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="No API key was sent, or it is unknown or revoked.",
            remedy="Send the header Authorization: Bearer and a key; make one in Settings > API keys.",
        ),
        fr=Explanation(
            problem="Aucune clé d’API n’a été envoyée, ou elle est inconnue ou révoquée.",
            remedy="Envoyez l’en-tête Authorization: Bearer et une clé ; créez-en une dans Réglages >"
            " Clés d’API.",
        ),
    ),
    Diagnosis(
        code="API_SCOPE_MISSING",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The scope {scope} is missing from this API key.",
            remedy="Use a key that has it; make one in Settings > API keys.",
        ),
        fr=Explanation(
            problem="Le scope {scope} manque à cette clé d’API.",
            remedy="Utilisez une clé qui l’a ; créez-en une dans Réglages > Clés d’API.",
        ),
    ),
    Diagnosis(
        code="API_REQUEST_MALFORMED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The request was not understood ({detail}).",
            remedy="Compare it with the description of the API.",
        ),
        fr=Explanation(
            problem="La requête n’a pas été comprise ({detail}).",
            remedy="Comparez-la à la description de l’API.",
        ),
    ),
    Diagnosis(
        code="MAIL_NOT_SET_UP",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="No SMTP server is set up, so no e-mail can be sent.",
            remedy="Set ONTOLOGIE_SMTP_HOST and the settings beside it, then start again.",
        ),
        fr=Explanation(
            problem="Aucun serveur SMTP n’est réglé : aucun e-mail ne peut partir.",
            remedy="Réglez ONTOLOGIE_SMTP_HOST et les paramètres voisins, puis redémarrez.",
        ),
    ),
    Diagnosis(
        code="WEBHOOK_MALFORMED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="This is not an address that a webhook may lead to.",
            remedy="Write a whole address ({schemes}), without a name or password in it.",
        ),
        fr=Explanation(
            problem="Ceci n’est pas une adresse possible pour un webhook.",
            remedy="Écrivez une adresse complète ({schemes}), sans nom ni mot de passe.",
        ),
    ),
    Diagnosis(
        code="NOTIFICATION_FAILED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The message could not be delivered ({reason}).",
            remedy="Check the address, then send a test message (Settings > Notifications).",
        ),
        fr=Explanation(
            problem="Le message n’a pas pu être remis ({reason}).",
            remedy="Vérifiez l’adresse, puis envoyez un message d’essai (Réglages > Notifications).",
        ),
    ),
)
