"""The slots of a sentence and a clock -> the values of its frame. docs/values.md has the rules.

frame.py                         all slots -> the frame; context.py: the words around the slots of a role
dates.py  times.py  places.py    the slots of one role -> what they mean; place_slots.py: which slots are one place
clocks.py  numbers.py            a time on the clock; number words
reading.py                       what dates and times share

A pure function of the annotation, the clock and the order of dates: it is right or says None, and never guesses.
"""
