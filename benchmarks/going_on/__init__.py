"""What a model forgets when it goes on, and what it gains as a start: see __main__.py."""
