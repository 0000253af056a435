"""The places to click, most of them in HubSpot."""

from ontologie.model.diagnosis.entry import Link, Words

SERVICE_KEYS = Link(
    label=Words(en="Open Service keys in HubSpot", fr="Ouvrir les clés de service dans HubSpot"),
    url="https://{ui_domain}/service-keys/{portal_id}",
    general="https://app.hubspot.com/service-keys",
)
CONNECTED_APPS = Link(
    label=Words(en="Open Connected apps in HubSpot", fr="Ouvrir les applications connectées dans HubSpot"),
    url="https://{ui_domain}/integrations-settings/{portal_id}/installed",
    general="https://app.hubspot.com/l/integrations-settings/installed",
)
CUSTOM_OBJECTS = Link(
    label=Words(en="Open Custom objects in HubSpot", fr="Ouvrir les objets personnalisés dans HubSpot"),
    url="https://{ui_domain}/sales-products-settings/{portal_id}/object",
    general="https://app.hubspot.com/l/settings",
)
USERS = Link(
    label=Words(en="Open Users in HubSpot", fr="Ouvrir les utilisateurs dans HubSpot"),
    url="https://{ui_domain}/settings/{portal_id}/users",
    general="https://app.hubspot.com/l/settings/users",
)
PLANS = Link(
    label=Words(en="Compare HubSpot's plans", fr="Comparer les offres HubSpot"),
    general="https://www.hubspot.com/pricing/crm",
)
STATUS = Link(
    label=Words(en="See HubSpot's status page", fr="Voir la page d’état de HubSpot"),
    general="https://status.hubspot.com",
)
DEVELOPER_APPS = Link(
    label=Words(en="Open your apps in HubSpot", fr="Ouvrir vos applications dans HubSpot"),
    url="https://{ui_domain}/developer-projects/{portal_id}",
    general="https://app.hubspot.com/l/developer-projects",
)
