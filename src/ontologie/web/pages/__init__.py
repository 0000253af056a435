"""The pages: one module each, with its routes."""

from ontologie.web.pages import (
    connectors,
    diagnostic,
    frequency,
    login,
    preferences,
    source,
    sources,
    streams,
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
    *diagnostic.ROUTES,
)
