"""The benchmarks of pgwal_exporter."""
