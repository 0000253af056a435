"""The engine: plan, extract, conform, load with the checkpoint, reconcile; progress. It knows no connector by name."""
