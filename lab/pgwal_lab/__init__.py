"""Two sites with Patroni on one machine, and drills that break them."""
