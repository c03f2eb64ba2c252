"""The terminal's face of a review.

keys.py       one key at a time, from a terminal
picker.py     choosing a name by typing a part of it
dialogue.py   what each key does: no terminal in it
drawing.py    what is on the screen
"""
