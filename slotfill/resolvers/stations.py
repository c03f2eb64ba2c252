"""Names of stations that are not in the index of places: `London Paddington`, `Köln Hbf`, `Gare du Nord`.

All names are as `places.spell` returns them.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split(","))


_NOUNS = _words("station stn hbf hauptbahnhof bahnhof bf terminal terminus gare estacion estacio estacao stazione")
# After the name of a city, these are a station of it even without a noun.
_AFTER = _words(
    "central centrale centraal centrum north south east west nord sud est ouest ost sur norte zuid noord parkway"
)
_BESIDE = _words("union penn grand main train railway rail bus coach metro tube")  # only with a noun
_BEFORE = _words("de di du da del della la le centrale central routiere")  # gare de, stazione di

_TERMINI = {
    "London GB": "paddington,euston,kings cross,saint pancras,saint pancras international,kings cross saint pancras,"
    "victoria,waterloo,waterloo east,liverpool street,charing cross,london bridge,bridge,marylebone,fenchurch street,"
    "cannon street,blackfriars,moorgate",
    "Birmingham GB": "new street,moor street,snow hill",
    "Manchester GB": "piccadilly,victoria,oxford road",
    "Liverpool GB": "lime street",
    "Bristol GB": "temple meads",
    "Edinburgh GB": "waverley,haymarket",
    "Glasgow GB": "queen street",
    "Paris FR": "gare du nord,gare de lyon,gare de lest,gare saint lazare,gare montparnasse,gare dausterlitz,"
    "gare de bercy,saint lazare,montparnasse,austerlitz,bercy",
    "Lyon FR": "part dieu,gare de la part dieu,perrache",
    "Lille FR": "flandres,europe",
    "Marseille FR": "saint charles",
    "Brussels BE": "midi,gare du midi,gare du nord,bruxelles midi",
    "Amsterdam NL": "sloterdijk,amstel",
    "Berlin DE": "ostbahnhof,sudkreuz,spandau,gesundbrunnen,zoologischer garten",
    "Hamburg DE": "altona,dammtor,harburg",
    "Cologne DE": "messe deutz",
    "Vienna AT": "westbahnhof,meidling",
    "Rome IT": "termini,tiburtina",
    "Milan IT": "porta garibaldi,cadorna,lambrate,rogoredo",
    "Turin IT": "porta nuova,porta susa",
    "Florence IT": "santa maria novella,smn",
    "Venice IT": "santa lucia,mestre",
    "Madrid ES": "atocha,puerta de atocha,chamartin",
    "Barcelona ES": "sants",
    "Seville ES": "santa justa",
    "Lisbon PT": "oriente,santa apolonia",
    "New York US": "grand central,penn,port authority",
    "Boston US": "back bay",
    "Chicago US": "ogilvie",
    "Philadelphia US": "30th street",
}
# So well known that they need no city and, in a slot for places, are nothing else.
_ALONE = _names(
    "paddington,euston,kings cross,saint pancras,saint pancras international,victoria,waterloo,liverpool street,"
    "charing cross,marylebone,new street,piccadilly,lime street,temple meads,waverley,part dieu,ostbahnhof,termini,"
    "atocha,sants,penn,grand central,union,central,north,south"
)
_ALONE_WITHOUT_NOUN = _ALONE - {"victoria", "penn", "union", "central", "north", "south", "new street", "waterloo"}
_ALONE_AS_THEY_ARE = _names(_TERMINI["Paris FR"]) - {"bercy", "austerlitz"} | {"gare du midi"}


def is_station(name: str) -> bool:
    """Say whether a whole name is that of a station, in whatever city: `gare du nord`, `union station`, `euston`."""
    bare = _without_nouns(name)
    if name in _ALONE_AS_THEY_ARE or bare in _ALONE_WITHOUT_NOUN:
        return True
    return not _NOUNS.isdisjoint(name.split()) and (not bare or bare in _ALONE)


def is_station_of(city: str, rest: str) -> bool:
    """Say whether the rest of a name is a well-known station of a city such as `London GB`."""
    termini = _TERMINI.get(city, "").split(",")
    return rest in termini or (_without_nouns(rest) or "none") in termini


def is_any_station(rest: str, *, is_after: bool) -> bool:
    """Say whether the rest of a name, before or after the name of a city, is `central`, `hbf`, `gare de` ..."""
    words = {*rest.split()}
    if not is_after:
        return not words.isdisjoint(_NOUNS) and words <= _NOUNS | _BEFORE
    return not words.isdisjoint(_NOUNS | _AFTER) and words <= _NOUNS | _AFTER | _BESIDE


def is_word(name: str) -> bool:
    """Say whether the name of a place is also a word for stations: there is a town Central, and one Union."""
    return name in _NOUNS | _AFTER | _BESIDE | _ALONE


def _without_nouns(name: str) -> str:
    return " ".join([word for word in name.split() if word not in _NOUNS and word not in ("railway", "train", "the")])
