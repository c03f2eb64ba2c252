"""Chinese phrases -> the same readings as English ones. docs/values.md has the rules.

numerals.py                     digits and Chinese numerals
window.py                       the characters around the slots of a role
joints.py                       the words that join slots, as the English ones that the other modules know
date_pieces.py  time_pieces.py  characters -> pieces
dates.py  times.py              pieces -> the phrases that date_rules and time_rules read, and rules of their own
moments.py                      the slots of one role -> a value
holidays.py                     holidays by the sun and by the moon
places.py                       the forms under which a place is looked up
quantities.py                   numbers, money, durations

Imported at the first sentence with a Chinese character. The modules read `hanzi.plain` text: simplified, in lower case,
as long as the original; so one rule reads both scripts.
"""
