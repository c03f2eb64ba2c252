"""The slots of a sentence and a clock -> the values of its frame. docs/values.md has the rules.

frame.py                         all slots -> the frame; context.py: the words around the slots of a role
dates.py  times.py  places.py    the slots of one role -> what they mean; place_slots.py: which slots are one place
date_phrases.py  date_rules.py   tokens -> phrases, a phrase -> a reading; time_phrases.py and time_rules.py are alike
clock_times.py  numbers.py       a time on the clock; number words
grouping.py  rules.py            what phrases and rules are, for dates and times
reading.py                       what came out, and how several make one

A pure function of the annotation, the clock and the order of dates: it is right or says None, and never guesses.
"""
