"""Which currency words and signs name: `$`, `dollars`, `CA$`, `EUR`, `quid`."""

from collections.abc import Sequence

from slotfill.resolvers.amounts import words_in

_US = "US dollars, unless another country's are meant"
# Signs, words and codes -> the currency, and a note if it might be another.
CURRENCIES: dict[str, tuple[str | None, str | None]] = {
    "$": ("USD", _US),
    "dollar": ("USD", _US),
    "buck": ("USD", _US),
    "€": ("EUR", None),
    "euro": ("EUR", None),
    "£": ("GBP", None),
    "pound": ("GBP", None),
    "quid": ("GBP", None),
    "¥": (None, "JPY or CNY?"),
    "yen": ("JPY", None),
    "yuan": ("CNY", None),
    "rmb": ("CNY", None),
    "renminbi": ("CNY", None),
    "₹": ("INR", None),
    "rupee": ("INR", "Indian rupees, unless another country's are meant"),
    "franc": ("CHF", "Swiss francs, unless another country's are meant"),
    "₩": ("KRW", None),
    "won": ("KRW", None),
    "₽": ("RUB", None),
    "rouble": ("RUB", None),
    "ruble": ("RUB", None),
    "₺": ("TRY", None),
    "lira": ("TRY", None),
    "zloty": ("PLN", None),
    "zł": ("PLN", None),
    "₪": ("ILS", None),
    "shekel": ("ILS", None),
    "baht": ("THB", None),
    "฿": ("THB", None),
    "rand": ("ZAR", None),
    "₴": ("UAH", None),
    "hryvnia": ("UAH", None),
    "real": ("BRL", None),
    "reais": ("BRL", None),
    "kr": (None, "SEK, NOK or DKK?"),
    "krona": ("SEK", None),
    "kronor": ("SEK", None),
    "krone": (None, "NOK or DKK?"),
    "kroner": (None, "NOK or DKK?"),
    "peso": (None, "pesos of which country?"),
    "dirham": (None, "AED or MAD?"),
    "₫": ("VND", None),
    "dong": ("VND", None),
}
_CODES = frozenset(
    words_in(
        "usd eur gbp jpy cny chf sek nok dkk pln czk huf ron bgn try inr krw aud cad nzd hkd sgd twd thb idr myr php "
        "vnd zar brl mxn ars clp cop ils aed sar egp mad ngn kes uah isk rub"
    )
)
_COUNTRIES = {"us": "USD", "ca": "CAD", "c": "CAD", "a": "AUD", "au": "AUD", "nz": "NZD", "hk": "HKD", "s": "SGD"}
_PEOPLES = {
    "american": "USD",
    "canadian": "CAD",
    "australian": "AUD",
    "aussie": "AUD",
    "singapore": "SGD",
    "hong kong": "HKD",
    "new zealand": "NZD",
}


def currency_at(words: Sequence[str], at: int) -> tuple[str | None, str | None, int] | None:
    """The currency that is written at a token, a note, and its end."""
    if at >= len(words):
        return None
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else ""
    if following == "$" and word in _COUNTRIES:
        return _COUNTRIES[word], None, at + 2
    for people, code in _PEOPLES.items():
        size = len(people.split())
        if " ".join(words[at : at + size]) == people and words[at + size : at + size + 1] in (["dollars"], ["dollar"]):
            return code, None, at + size + 1
    if word == "us" and following in ("dollars", "dollar"):
        return "USD", None, at + 2
    if word in _CODES:
        return word.upper(), None, at + 1
    known = CURRENCIES.get(word) or CURRENCIES.get(word.removesuffix("s"))
    return (*known, at + 1) if known else None
