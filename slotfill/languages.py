"""Whether a sentence is in a language or a script that the model has not learnt, by its small words.

Only a model that has learnt English is told so: the others may have learnt these languages from few sentences. A word
that the vocabulary has counts for no language, so the lists may have words of names that English data mention (`los`).
"""

from collections.abc import Callable, Sequence

# The small words, and those of travel, days and hours, folded as in the vocabulary (without accents). Words that are
# English too are left out: will, die, in, hotel.
_WORDS = {
    "German": """
        ich wir mochte mochten wurde brauche suche einen eine einem einer ein der das dem den nach von vom zum
        zur ruckflug fur und mit uber ohne bis ab um uhr heute morgen ubermorgen nachsten nachste nachster nicht
        bitte flug fluge zug fliegen fahren reisen es gibt wann wie viel kostet montag dienstag mittwoch
        donnerstag freitag samstag sonntag ist wird auf abends morgens nachmittag zuruck hin oder ankunft
        abfahrt
    """,
    "French": """
        je nous aller-retour veux voudrais voudrions j'aimerais cherche besoin un une le les du au aux pour vers
        depuis et avec jusqu'a demain aujourd'hui hier prochain prochaine vol vols aller partir partant
        arriver arrivee depart retour billet lundi mardi mercredi jeudi vendredi samedi dimanche matin soir
        apres-midi heures quel quelle est-ce est que qui combien coute s'il vous plait ce cette ou a reserver
    """,
    "Spanish": """
        quiero quisiera queremos necesito busco un una unos el los al del desde hasta hacia con sin y manana hoy
        para ayer proximo proxima vuelo vuelos viajar volar ir salir saliendo llegar llegada salida regreso
        vuelta ida lunes martes miercoles jueves viernes sabado domingo noche tarde horas cuanto cuesta cual
        cuando que hay por favor billete mi me gustaria quiere reservar
    """,
    "Italian": """
        vorrei voglio vogliamo cerco bisogno un una uno il lo gli del della dal dalla al alla verso fino con
        senza e domani oggi prossimo prossima volo voli viaggio andare partire partenza arrivare arrivo ritorno
        andata biglietto lunedi martedi mercoledi giovedi venerdi sabato domenica mattina sera pomeriggio ore
        quanto costa quale quando che per c'e ci sono mi piacerebbe prenotare treno
    """,
    "Dutch": """
        ik wij wil willen zou graag zoek nodig een het de van naar voor met zonder tot vanaf om uur vandaag
        morgen overmorgen volgende vlucht vluchten trein vliegen reizen gaan vertrekken vertrek aankomst terug
        retour kaartje maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ochtend avond middag hoeveel
        kost wat welke wanneer er gaat wordt alstublieft niet
    """,
    "Portuguese": """
        quero queria gostaria preciso procuro um uma uns o os ao aos do da dos para desde ate com sem e amanha
        hoje proximo proxima voo voos viajar voar ir sair saindo chegar chegada partida volta ida passagem
        bilhete segunda terca quarta quinta sexta sabado domingo manha tarde noite horas quanto custa qual
        quando que ha por favor nao reservar trem comboio
    """,
}
WORDS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_ALL = frozenset[str]().union(*WORDS.values())
_ENGLISH = frozenset(
    ("the", "to", "from", "and", "of", "my", "what", "want", "need", "with", "for", "on", "at", "is", "i")
)
_SURELY_ENGLISH = ("the", "to", "from")
_SHORT = 4  # words; in so few, one is enough
_LONG = 4  # letters of one that is; `es` is a word of Dar es Salaam
_LATIN = "\u024f"  # the last Latin letter


def note_of(words: Sequence[str], *, knows: Callable[[str], bool]) -> str | None:
    """What to say of a sentence with these folded words, or None; `knows` asks the vocabulary of the model.

    >>> note_of(["ich", "will", "nach", "rom"], knows={"the", "to", "from", "will"}.__contains__)
    'looks like German, which the model has not learnt'
    """
    is_foreign = not _ALL.isdisjoint(words)
    if (not is_foreign and "".join(words).isascii()) or not all(map(knows, _SURELY_ENGLISH)):
        return None
    if not is_foreign:
        return _of_script(words, knows)
    foreign = [word for word in words if word in _ALL and not knows(word)]
    if len(foreign) <= sum(word in _ENGLISH for word in words):
        return None
    counts = {language: sum(word in own for word in foreign) for language, own in WORDS.items()}
    likeliest = max(counts, key=counts.__getitem__)
    if counts[likeliest] < 2 and (len(words) > _SHORT or len(foreign[0]) < _LONG):
        return None
    return f"looks like {likeliest}, which the model has not learnt"


def _of_script(words: Sequence[str], knows: Callable[[str], bool]) -> str | None:
    foreign = sum(word > _LATIN and word.isalpha() and not knows(word) for word in words)
    return "in a script that the model has not learnt" if 2 * foreign > len(words) else None
