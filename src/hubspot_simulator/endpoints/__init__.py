"""The HTTP surface, one module per endpoint family; each handler is a function of portal and call."""
