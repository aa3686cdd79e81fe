"""A PostgreSQL server that misbehaves as asked: server.py, which `swift test` starts by its path."""
