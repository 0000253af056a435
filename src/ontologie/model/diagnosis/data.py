"""What happens to records on their way into the store."""

from ontologie.model.diagnosis.entry import Diagnosis, Effect, Explanation, Retry, Severity

ENTRIES = (
    Diagnosis(
        code="RECORDS_LIMIT_REACHED",
        severity=Severity.NOTICE,
        effect=Effect.LATE,
        retry=Retry.AT_ONCE,
        en=Explanation(
            problem="The run stopped at its limit of {limit} records.",
            remedy="Nothing to do: the next run follows at once and goes on where this one stopped.",
        ),
        fr=Explanation(
            problem="La synchronisation s’est arrêtée à sa limite de {limit} enregistrements.",
            remedy="Rien à faire : la suivante démarre aussitôt et reprend où celle-ci s’est arrêtée.",
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
        ),
        fr=Explanation(
            problem="{count} enregistrements de {object_type} ont disparu de HubSpot d’un coup ; nous les avons"
            " gardés.",
            remedy="Si c’est voulu, confirmez avec ontologie sync {source} --confirm-deletions.",
        ),
    ),
    Diagnosis(
        code="STREAM_STOPPED",
        severity=Severity.FAULT,
        effect=Effect.STREAM,
        retry=Retry.GROWING,
        en=Explanation(
            problem="This stream could not be read.",
            remedy="See the log; the other streams went on.",
        ),
        fr=Explanation(
            problem="Ce flux n’a pas pu être lu.",
            remedy="Voyez le journal ; les autres flux ont continué.",
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
