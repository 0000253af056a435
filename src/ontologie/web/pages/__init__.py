"""The pages: one module each, with its routes."""

from ontologie.web.pages import (
    connectors,
    diagnostic,
    frequency,
    login,
    oauth,
    preferences,
    record,
    saved_views,
    source,
    sources,
    spreadsheet,
    streams,
    table_events,
    wizard,
    wizard_choices,
)

ROUTES = (
    *login.ROUTES,
    *preferences.ROUTES,
    *connectors.ROUTES,
    *wizard.ROUTES,
    *wizard_choices.ROUTES,
    *sources.ROUTES,
    *source.ROUTES,
    *frequency.ROUTES,
    *streams.ROUTES,
    *spreadsheet.ROUTES,
    *table_events.ROUTES,
    *record.ROUTES,
    *saved_views.ROUTES,
    *diagnostic.ROUTES,
    *oauth.ROUTES,
)
