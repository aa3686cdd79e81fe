"""Tests of what can be tested without a package."""
