"""Files that tables are written to, one module per format. Each writes what a reader streams, and blocks."""
