"""What happens to records on their way into the store."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity

ENTRIES = (
    Diagnosis(
        code="RECORDS_LIMIT_REACHED",
        severity=Severity.NOTICE,
        effect=Effect.OWN,
        retry=Retry.AT_ONCE,
        en=Explanation(
            problem="The run stopped at its limit of {limit} records.",
            remedy="Nothing to do: the next run follows at once and goes on where this one stopped.",
            steps=(
                "Nothing to do: the next run follows at once and goes on where this one stopped.",
                "At the frequency manual, click Sync now: that run goes on there.",
            ),
            data="What was read is stored and right; the rest is read next, nothing twice.",
        ),
        fr=Explanation(
            problem="La synchronisation s’est arrêtée à sa limite de {limit} enregistrements.",
            remedy="Rien à faire : la suivante démarre aussitôt et reprend où celle-ci s’est arrêtée.",
            steps=(
                "Rien à faire : la suivante démarre aussitôt et reprend où celle-ci s’est arrêtée.",
                "À la fréquence manuelle, cliquez sur « Synchroniser » : la synchronisation reprend là.",
            ),
            data="Ce qui a été lu est enregistré et juste ; le reste est lu ensuite, rien deux fois.",
        ),
    ),
    Diagnosis(
        code="MASS_DELETION_HELD",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="{count} records of {object_type} have disappeared from HubSpot at once; we kept them.",
            remedy="If it is right, confirm with ontologie sync {source} --confirm-deletions.",
            steps=(
                "In HubSpot, look whether these {count} records of {object_type} were really deleted, and by whom.",
                "If it is right, click Confirm the deletions in Diagnostic, or run ontologie sync {source}"
                " --confirm-deletions.",
                "If it is not, restore them in HubSpot, which keeps them for 90 days; here they are still there.",
            ),
        ),
        fr=Explanation(
            problem="{count} enregistrements de {object_type} ont disparu de HubSpot d’un coup ; nous les avons"
            " gardés.",
            remedy="Si c’est voulu, confirmez avec ontologie sync {source} --confirm-deletions.",
            steps=(
                "Dans HubSpot, regardez si ces {count} enregistrements de {object_type} ont vraiment été supprimés,"
                " et par qui.",
                "Si c’est voulu, cliquez sur « Confirmer les suppressions » dans Diagnostic, ou lancez ontologie sync"
                " {source} --confirm-deletions.",
                "Sinon, restaurez-les dans HubSpot, qui les garde 90 jours ; ici, ils sont toujours là.",
            ),
        ),
    ),
    Diagnosis(
        code="VALUES_REJECTED",
        severity=Severity.NOTICE,
        effect=Effect.OWN,
        retry=Retry.NEXT_RUN,
        en=Explanation(
            problem="Records of {object_type} hold values that do not fit the type of their property: {count} of them.",
            remedy="Look at them in the table, under Rejected values, and correct them in HubSpot if they matter.",
            steps=(
                "Open Streams > {source} > {object_type} > Rejected values: each value is listed with its record and"
                " property.",
                "In HubSpot, open the record and correct the value, or correct the type of the property.",
                "The next run brings what you corrected; nothing else is to be done.",
            ),
            data="The records are stored whole but for these values: their columns are empty, and what HubSpot sent is"
            " kept beside, in _rejected. The stream goes on.",
        ),
        fr=Explanation(
            problem="Des enregistrements de {object_type} contiennent des valeurs qui ne conviennent pas au type de"
            " leur propriété : {count}.",
            remedy="Regardez-les dans la table, sous « Valeurs rejetées », et corrigez-les dans HubSpot si elles"
            " comptent.",
            steps=(
                "Ouvrez Streams > {source} > {object_type} > « Valeurs rejetées » : chaque valeur y figure avec son"
                " enregistrement et sa propriété.",
                "Dans HubSpot, ouvrez l’enregistrement et corrigez la valeur, ou corrigez le type de la propriété.",
                "La synchronisation suivante apporte la correction ; il n’y a rien d’autre à faire.",
            ),
            data="Les enregistrements sont enregistrés en entier, sauf ces valeurs : leurs colonnes sont vides, et ce"
            " que HubSpot a envoyé est gardé à côté, dans _rejected. Le flux continue.",
        ),
    ),
    Diagnosis(
        code="PROPERTY_RETYPED",
        severity=Severity.NOTICE,
        effect=Effect.OWN,
        retry=Retry.NEVER,
        en=Explanation(
            problem="In HubSpot, properties of {object_type} have changed their type: {properties}.",
            remedy="Check the queries that use them, then say so with ontologie drift {source} --acknowledge-all.",
            steps=(
                "See what changed: Streams > {source} > {object_type} > Schema, or ontologie drift {source}.",
                "Check the queries, views and exports that use these columns: they are now of the new type.",
                "Say that you have seen it, and this notice goes: ontologie drift {source} --acknowledge-all.",
            ),
            data="The column is now of the new type; the former one stays beside it, as NAME__was_TYPE. The stream goes"
            " on.",
        ),
        fr=Explanation(
            problem="Dans HubSpot, des propriétés de {object_type} ont changé de type : {properties}.",
            remedy="Vérifiez les requêtes qui les utilisent, puis confirmez avec ontologie drift {source}"
            " --acknowledge-all.",
            steps=(
                "Voyez ce qui a changé : Streams > {source} > {object_type} > Schéma, ou ontologie drift {source}.",
                "Vérifiez les requêtes, les vues et les exports qui utilisent ces colonnes : elles ont maintenant le"
                " nouveau type.",
                "Dites que vous l’avez vu, et cet avis disparaît : ontologie drift {source} --acknowledge-all.",
            ),
            data="La colonne a maintenant le nouveau type ; l’ancienne reste à côté, sous le nom NOM__was_TYPE. Le flux"
            " continue.",
        ),
    ),
    Diagnosis(
        code="LEASE_LOST",
        severity=Severity.NOTICE,
        effect=Effect.LATE,
        retry=Retry.WITHIN_RUN,
        en=Explanation(
            problem="Another worker has taken this source over.",
            remedy="Nothing to do: it goes on from the last commit.",
        ),
        fr=Explanation(
            problem="Un autre processus a repris cette source.",
            remedy="Rien à faire : il continue au dernier commit.",
        ),
    ),
    Diagnosis(
        code="SOURCE_REMOVED",
        severity=Severity.NOTICE,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The source was removed while it was being synced.",
            remedy="Add it again if that was not meant.",
        ),
        fr=Explanation(
            problem="La source a été retirée pendant sa synchronisation.",
            remedy="Ajoutez-la de nouveau si ce n’était pas voulu.",
        ),
    ),
    Diagnosis(
        code="SOURCE_DATA_OF_OTHER_PORTAL",
        severity=Severity.ACTION,
        effect=Effect.NONE,
        retry=Retry.NEVER,
        en=Explanation(
            problem="The records kept when the source {source} was removed belong to another HubSpot account"
            " ({portal}).",
            remedy="Choose another name for the new source.",
        ),
        fr=Explanation(
            problem="Les enregistrements gardés au retrait de la source {source} viennent d’un autre compte HubSpot"
            " ({portal}).",
            remedy="Choisissez un autre nom pour la nouvelle source.",
        ),
    ),
)
