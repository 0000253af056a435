"""The pages: one module each, with its routes."""

from ontologie.web.pages import connectors, diagnostic, login, preferences, sources, streams

ROUTES = (
    *login.ROUTES,
    *preferences.ROUTES,
    *connectors.ROUTES,
    *sources.ROUTES,
    *streams.ROUTES,
    *diagnostic.ROUTES,
)
