"""How large a request may be."""

MAX_BODY = 1 << 20  # bytes
MAX_TEXTS = 1_000  # a request
MAX_CHARACTERS = 2_000  # a text
MAX_CONTEXT = 1 << 18  # bytes of the state of a conversation, as JSON; usual ones have a few thousand
MAX_WORDS = 100  # that are explained: a second's work
MAX_EXPLAINED = 500  # characters: each token is left out once, so the work grows with the square
