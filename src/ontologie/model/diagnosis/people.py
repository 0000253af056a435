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
            problem="Ceci demande le rôle {needed} ; le vôtre est {role}.",
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
            remedy="Attendez {minutes} min, ou utilisez un lien de connexion : un administrateur en crée"
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
            remedy="Choisissez au moins {least} caractères, pas toujours les mêmes ; une phrase convient"
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
)
