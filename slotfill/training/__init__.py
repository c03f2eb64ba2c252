"""Data in, a bundle out.

augmentation.py    what an epoch learns from
loop.py            the epochs
calibration.py     the temperature of confidence
bundling.py        network -> bundle, and back
"""
