"""The mutation job: breaks decisions in each way that the public kit does not notice, and runs our own tests."""
