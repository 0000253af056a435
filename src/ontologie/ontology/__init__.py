"""The ontology: business concepts (Client, Opportunity …) and the streams that feed them."""
