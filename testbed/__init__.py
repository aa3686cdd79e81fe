"""Real servers for whatever tries the exporter out: PostgreSQL, Patroni, Prometheus, networks, and faults of each."""
