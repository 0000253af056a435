"""What a reader of tables asked for that cannot be shown."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity

ENTRIES = (
    Diagnosis(
        code="COLUMN_UNKNOWN",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="There is no column {column} in this table any more.",
            remedy="Take it out of the columns, filters or order of this view.",
        ),
        fr=Explanation(
            problem="Il n’y a plus de colonne {column} dans ce tableau.",
            remedy="Retirez-la des colonnes, des filtres ou du tri de cette vue.",
        ),
    ),
    Diagnosis(
        code="FILTER_MALFORMED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The filter on {column} cannot be used with the value “{value}”.",
            remedy="Write a number as 1250.5 and a day as 2026-11-20, or take the filter out.",
        ),
        fr=Explanation(
            problem="Le filtre sur {column} ne peut pas s’appliquer avec la valeur « {value} ».",
            remedy="Écrivez un nombre comme 1250,5 et un jour comme 2026-11-20, ou retirez le filtre.",
        ),
    ),
    Diagnosis(
        code="PAGE_MALFORMED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="This place in the table no longer exists.",
            remedy="Load the table again from its beginning.",
        ),
        fr=Explanation(
            problem="Cet endroit du tableau n’existe plus.",
            remedy="Rechargez le tableau depuis le début.",
        ),
    ),
    Diagnosis(
        code="QUERY_TOO_SLOW",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The question was stopped because it took longer than {seconds} s.",
            remedy="Narrow it with a filter or a search, or sort by the first column or the last change,"
            " which are indexed.",
        ),
        fr=Explanation(
            problem="La recherche a été arrêtée car elle prenait plus de {seconds} s.",
            remedy="Restreignez-la avec un filtre ou une recherche, ou triez par la première colonne ou"
            " la dernière modification, qui sont indexées.",
        ),
    ),
    Diagnosis(
        code="TABLE_UNKNOWN",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The source {source} has no table {object_type}.",
            remedy="Choose one of the tabs of the source, or add the stream to it.",
        ),
        fr=Explanation(
            problem="La source {source} n’a pas de table {object_type}.",
            remedy="Choisissez un des onglets de la source, ou ajoutez-lui le flux.",
        ),
    ),
    Diagnosis(
        code="RECORD_UNKNOWN",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="There is no record {id} in {object_type}.",
            remedy="It may not be synced yet, or its link was mistyped; search for it in the table.",
        ),
        fr=Explanation(
            problem="Il n’y a pas d’enregistrement {id} dans {object_type}.",
            remedy="Il n’est peut-être pas encore synchronisé, ou le lien est mal écrit ; cherchez-le dans le tableau.",
        ),
    ),
    Diagnosis(
        code="VIEW_NAME_TAKEN",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="You already have a view named {name} here.",
            remedy="Choose another name, or delete the older view first.",
        ),
        fr=Explanation(
            problem="Vous avez déjà ici une vue nommée {name}.",
            remedy="Choisissez un autre nom, ou supprimez d’abord l’ancienne vue.",
        ),
    ),
    Diagnosis(
        code="VIEW_MALFORMED",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="A view needs a name of at most 60 characters.",
            remedy="Give it a shorter name.",
        ),
        fr=Explanation(
            problem="Une vue doit avoir un nom de 60 caractères au plus.",
            remedy="Donnez-lui un nom plus court.",
        ),
    ),
)
