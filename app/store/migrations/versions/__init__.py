"""One file for each version of the schema. Only added to: databases in the field have run the old ones."""
