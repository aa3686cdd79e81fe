"""Packages, image and chart of the exporter, made of one release binary and this source tree."""
