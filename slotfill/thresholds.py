"""How sure is sure enough: the constants that turn confidences into decisions."""

MIN_VALUE_CONFIDENCE = 0.8  # a value that is less sure is null, unless the user asks for another limit
UNSURE_SLOT = 0.5  # a slot that is less sure may be left out of a value that does without it
