"""Slots of one role -> values that a program can use."""
