"""The pages: one module each, with its routes."""

<<<<<<< HEAD
from ontologie.web.pages import (
    connectors,
    diagnostic,
    frequency,
    login,
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
=======
from ontologie.web.pages import connectors, diagnostic, login, oauth, preferences, sources, streams
>>>>>>> 29d4231 (OAuth from the button to the callback: one answer per state and session, refresh by the clock, a popup that may be blocked or closed)

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
