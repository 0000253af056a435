"""One function per user intention: the only thing the pages, the API and the commands call."""
