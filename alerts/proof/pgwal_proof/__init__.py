"""Shows each alert firing and resolving on real servers."""
