"""Words that alarm: found in every form, left alone where the sentence denies them, replaced never"""

import pytest

from tests.spec.instruments.drawn import cases
from trial.wording.catalogue import LANGUAGES, kinds
from trial.wording.lexicon import CURRENT, lexicon

# Flagged words are named by their terms, in the order of the text.
ENGLISH = """
    sentence                                  | flagged           | why
    ------------------------------------------+-------------------+--------------------------------
    There is cord compression.                | compression       | said plainly
    No cord compression.                      | -                 | denied by no
    There is no evidence of cord compression. | -                 | denied across words
    The disc does not compress the nerve.     | -                 | denied by not, another form
    The canal is free of compression.         | -                 | denied by free of
    Compression of the cord is not seen.      | -                 | denied behind the word
    A fracture was ruled out.                 | -                 | ruled out is a denial
    A fracture is not ruled out.              | fracture          | not ruled out is none
    Fracture cannot be excluded.              | fracture          | nor is cannot be excluded
    No fracture, tumour or instability.       | -                 | a list with or is denied
    No fracture, severe stenosis.             | severe, stenosis  | a comma without or ends it
    No fracture, but severe stenosis.         | severe, stenosis  | but ends the denial
    No fracture; severe stenosis.             | severe, stenosis  | so does a semicolon
    No tear and a bulge.                      | bulge             | and ends it
    No tear and no bulge.                     | -                 | each denied for itself
    There is neither a tear nor a bulge.      | -                 | neither and nor
    Not only a bulge, also a tear.            | bulge, tear       | not only denies nothing
    No change of the known herniation.        | herniation        | no change means it is there
    The tear shows no change.                 | tear              | behind the word too
    Without contrast. The disc is torn.       | tear              | a denial ends with its sentence
    The tendon is torn.                       | tear              | an irregular form
    Tears of both menisci.                    | tear              | the plural, at the start
    The disc is degenerating.                 | degeneration      | a verb
    Multilevel DEGENERATIVE change.           | degeneration      | in capitals
    Wear and tear of the joint.               | wear              | three words, one term
    Bulging discs, herniated discs.           | bulge, herniation | participles
    The joints are severely damaged.          | severe, damage    | an adverb and a participle
    The wearer of a teardrop ring.            | -                 | letters of other words
    A non-degenerative change.                | -                 | a prefix that denies
    The exit is narrowed (no compression).    | stenosis          | stays in its brackets
    It isn't torn.                            | -                 | a short form
    You may have to live with this.           | to live with it   | a phrase
    Disc height loss at L4/5.                 | height loss       | the longest form wins
"""

OTHERS = """
    language | sentence                                         | flagged             | why
    ---------+--------------------------------------------------+---------------------+------------------------------
    de       | Keine Kompression des Rückenmarks.               | -                   | an article of denial
    de       | Das Rückenmark wird nicht eingeengt.             | -                   | nicht before the word
    de       | Eine Einengung besteht nicht.                    | -                   | nicht behind the word
    de       | Eine Fraktur ist nicht ausgeschlossen.           | Fraktur             | not excluded
    de       | Keine Fraktur, kein Sehnenriss, aber ein Erguss. | Erguss              | aber ends the denial
    de       | Weder Riss noch Vorfall.                         | -                   | weder and noch
    de       | Mehrere Bandscheibenvorfälle und Verschleiß.     | Vorfall, Verschleiß | a compound, a plural
    de       | Zeichen des Verschleisses.                       | Verschleiß          | Swiss spelling
    de       | Der Grundriss ist ein bisschen anders.           | -                   | letters in other words
    es       | No hay compresión de la médula.                  | -                   | denied by no
    es       | Sin fractura, desgarro ni derrame.               | -                   | a list with ni
    es       | Sin fractura, estenosis grave.                   | estenosis, grave    | a comma without ni
    es       | No se puede descartar una fractura.              | fractura            | not excluded
    es       | Fractura descartada.                             | -                   | denied behind the word
    es       | No hay hernia, pero sí desgarros.                | desgarro            | pero ends the denial
    es       | Los discos están degenerados.                    | degeneración        | a participle
    hi       | नस पर कोई दबाव नहीं है।                          | -                   | denied behind the word
    hi       | नस पर दबाव है।                                   | दबाव                | said plainly
    hi       | दबाव या सूजन नहीं है।                            | -                   | a list with or
    hi       | डिस्क फटी है और दबाव नहीं है।                    | फटना                | and ends it
    hi       | बिना किसी फ्रैक्चर के।                           | -                   | bina before the word
    hi       | फ्रैक्चर से इनकार नहीं किया जा सकता।             | फ्रैक्चर            | not excluded
    hi       | डिस्क के टुकड़े खिसक गए।                         | टुकड़ा, खिसकना      | other forms
"""


def flagged(language, text):
    return ", ".join(flag.term.term for flag in lexicon(language).flags(text)) or "-"


@pytest.mark.parametrize("row", **cases(ENGLISH))
def test_forms_and_denials(row):
    assert flagged("en", row["sentence"]) == row["flagged"]


@pytest.mark.parametrize("row", **cases(OTHERS))
def test_forms_and_denials_in_other_languages(row):
    assert flagged(row["language"], row["sentence"]) == row["flagged"]


def test_accents_may_be_encoded_in_either_way():
    assert flagged("es", "compresio\u0301n") == flagged("es", "compresi\u00f3n") == "compresión"


def test_a_flag_tells_where_it_stands_and_what_was_published_instead():
    (flag,) = lexicon("en").flags("Some wear and tear.")
    assert (flag.text, flag.start, flag.end) == ("wear and tear", 5, 18)
    assert (flag.term.instead, flag.term.source) == ("age-related change", "Stewart 2018, JOSPT 48:519")


def test_a_replacement_that_says_something_else_needs_a_radiologists_approval():
    (flag,) = lexicon("en").flags("A tear.")
    assert (flag.term.instead, flag.term.approval) == ("fraying", True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.code)
def test_every_factual_name_is_flagged_and_no_reassuring_one(kind, language):
    """The tone is the difference that is meant: it must be there, and on one side only."""
    assert lexicon(language).flags(kind.names["factual"][language]) != []
    assert lexicon(language).flags(kind.names["reassuring"][language]) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "These findings are unrelated to your pain."),
        ("en", "We cannot say that it has nothing to do with your pain."),
        ("en", "Your MRI is completely normal."),
        ("de", "Das hat nichts mit Ihren Schmerzen zu tun."),
        ("de", "Die MRT ist völlig normal."),
        ("es", "Esto no tiene nada que ver con su dolor."),
        ("es", "Es completamente normal."),
        ("hi", "इसका आपके दर्द से कोई संबंध नहीं है।"),
        ("hi", "सब पूरी तरह सामान्य है।"),
    ],
)
def test_what_no_version_may_claim_is_found(language, text):
    """Several findings are more common in people with pain: Brinjikji et al., AJNR 2015;36:2394."""
    assert len(lexicon(language).untrue(text)) == 1


@pytest.mark.parametrize("text", ["This is common in people without pain.", "It may be linked to your pain."])
def test_what_a_version_may_say_is_left_alone(text):
    assert lexicon("en").untrue(text) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lexicon_names_its_language_and_version(language):
    found = lexicon(language)
    assert (found.language, found.version) == (language, CURRENT[language])
    assert lexicon(language, 1).sha256 == found.sha256


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_form_of_a_term_is_found_as_that_term(language):
    found = lexicon(language)
    for term in found.terms.values():
        for form in term.forms:
            flags = found.flags(form.replace("*", ""))
            assert term.term in {flag.term.term for flag in flags}, form
