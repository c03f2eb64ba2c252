"""How accurate slotfill is, beside the literature and python-crfsuite: see __main__.py."""
