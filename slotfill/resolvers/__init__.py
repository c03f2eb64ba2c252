"""The slots of a sentence and a clock -> the values of its frame. docs/values.md has the rules.

frame.py                         all slots -> the frame
choosing.py                      which slots of a role count
context.py                       the tokens around the slots of a role
dates.py  times.py  places.py    the slots of one role -> a value
place_slots.py                   which slots belong to one place
date_pieces.py  date_phrases.py  tokens -> pieces -> phrases
time_words.py  time_phrases.py   the same for times
date_rules.py  time_rules.py     a phrase -> a reading
date_slots.py                    slots of a date that the tagger gave to something else
calendar_days.py                 days counted on the calendar
own_slots.py                     slots of a data set of one's own
quantities.py  money.py  durations.py    their numbers, money and durations, of amounts.py and currencies.py
unread.py                        which slots of a data set have no value
clock_times.py  numbers.py       a time on the clock; number words
negation.py                      what a sentence rules out
stations.py                      names of stations
grouping.py  rules.py            what dates and times share: phrases and rules
confidence.py  abstention.py     how sure a value is; values that are not sure enough
reading.py                       a reading, and how several become one

A pure function of the annotation, the clock and the order of dates. It is right or returns None, and never guesses.
"""
