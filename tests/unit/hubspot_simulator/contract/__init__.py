"""The portal driven by clients nobody here wrote: HubSpot's own Python libraries."""
