"""Pure values: what the layers hand each other. No I/O here."""
