"""Tagging without the imports of Typer and rich (docs/decisions/0010-fast-start.md)."""
