"""People and API clients: who they are, how they log in, and what ends their access."""
