"""Kinds of systems we can read. One folder and one line in the catalogue each."""
