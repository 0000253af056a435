"""HubSpot's CRM: contacts, companies, deals, tickets, engagements, with associations and reference data."""
