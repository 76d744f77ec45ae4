"""The durable service: how many instances it finishes a second, and where the time goes."""
