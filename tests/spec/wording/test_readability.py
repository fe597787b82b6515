"""How hard a text is to read: published formulas on counts that anyone can repeat"""

import pytest

from tests.spec.instruments.drawn import cases
from trial.wording.readability import (
    FORMULAS,
    Counts,
    Target,
    amstad,
    coleman_liau,
    count,
    fernandez_huerta,
    flesch,
    flesch_kincaid,
    fog,
    measure,
    smog,
    szigriszt,
    target_fault,
    vienna,
)
from trial.wording.syllables import syllables
from trial.wording.text import sentences, words

HUNDRED = Counts(words=100, sentences=5, syllables=150)


def test_the_flesch_formulas_on_a_hundred_words():
    """docs/wording.md: 0.39*20 + 11.8*1.5 - 15.59, and 206.835 - 1.015*20 - 84.6*1.5."""
    assert flesch_kincaid(HUNDRED) == pytest.approx(9.91)
    assert flesch(HUNDRED) == pytest.approx(59.635)


def test_smog_on_thirty_sentences():
    """1.0430*sqrt(30) + 3.1291 = 8.84; McLaughlin 1969 counts in 30 sentences."""
    assert smog(Counts(words=400, sentences=30, polysyllables=30)) == pytest.approx(8.84, abs=0.005)
    assert smog(Counts(words=200, sentences=15, polysyllables=15)) == smog(
        Counts(words=400, sentences=30, polysyllables=30)
    )


def test_fog_on_a_hundred_words():
    """Gunning 1952: 0.4*(20 + 10)."""
    assert fog(Counts(words=100, sentences=5, complex=10)) == pytest.approx(12)


def test_coleman_liau_on_letters_and_sentences_of_a_hundred_words():
    """0.0588*537 - 0.296*4.2 - 15.8 = 14.53."""
    assert coleman_liau(Counts(words=1000, sentences=42, letters=5370)) == pytest.approx(14.53, abs=0.005)


def test_the_formulas_of_other_languages_on_the_same_hundred_words():
    """By hand: 180 - 20 - 87.75; 206.835 - 93.45 - 20; 206.84 - 90 - 20.4; 0.1935*15 + 0.1672*20 + ..."""
    assert amstad(HUNDRED) == pytest.approx(72.25)
    assert szigriszt(HUNDRED) == pytest.approx(93.385)
    assert fernandez_huerta(HUNDRED) == pytest.approx(96.44)
    more = Counts(words=100, sentences=5, polysyllables=15, long=30, monosyllables=50)
    assert vienna(more) == pytest.approx(2.9025 + 3.344 + 3.891 - 1.635 - 0.875)


SYLLABLES = """
    language | word          | count | why
    ---------+---------------+-------+----------------------------------------------
    en       | disc          | 1     | a word of one syllable
    en       | easy          | 2     | hyphenation alone finds one
    en       | easily        | 3     | a vowel group each
    en       | changes       | 2     | -es is heard after g
    en       | joints        | 1     | no vowel in the ending
    en       | little        | 2     | -le is a syllable
    en       | used          | 1     | -ed is silent
    en       | graded        | 2     | -ed is heard after d
    en       | radiologist   | 5     | hyphenation finds what vowel groups do not
    en       | degeneration  | 5     | both find it
    en       | age-related   | 4     | a compound is the sum of its parts
    en       | L4/5          | 1     | a level counts as one
    en       | 60            | 1     | a number counts as one
    de       | Bandscheibe   | 3     | ei is one sound
    de       | Veränderung   | 4     | umlauts are vowels
    de       | oder          | 2     | a single letter is not broken off by printers
    de       | quer          | 1     | the u of qu is no vowel
    es       | degeneración  | 5     | an accented vowel beside a weak one: one
    es       | vía           | 2     | an accented weak vowel is a nucleus
    es       | ciudad        | 2     | two weak vowels are one
    es       | leer          | 2     | two strong vowels are two
    es       | hueso         | 2     | a weak one leans on a strong one
"""


@pytest.mark.parametrize("row", **cases(SYLLABLES))
def test_syllables(row):
    """Witness of the English ones: the CMU Pronouncing Dictionary 0.7b."""
    assert syllables(row["word"], row["language"]) == int(row["count"])


SPLIT = """
    text                                        | count | why
    --------------------------------------------+-------+-------------------------------------------
    It is small. It may go.                     | 2     | full stops
    Is it small? Yes! It is.                    | 3     | questions and calls
    About 2.5 mm at L4/5.                       | 1     | a decimal point ends nothing
    See Dr. Roe soon.                           | 1     | nor does an abbreviation
    It is in the middle (approx. here).         | 1     | nor a stop before a small letter
    A list:\\n- one thing\\n- two things        | 3     | the end of a line ends a sentence
    ...\\n\\n***                                | 0     | no word, no sentence
    यह ठीक है। यह भी।                           | 2     | the danda
    He said “it is fine.” It was.               | 2     | a quotation mark after the stop
"""


@pytest.mark.parametrize("row", **cases(SPLIT))
def test_sentences(row):
    assert len(list(sentences(row["text"].replace("\\n", "\n")))) == int(row["count"])


def test_hindi_words_are_not_cut_at_their_vowel_signs():
    assert [word.text for word in words("रीढ़ की हड्डी में कोई दबाव नहीं।")] == [
        "रीढ़",
        "की",
        "हड्डी",
        "में",
        "कोई",
        "दबाव",
        "नहीं",
    ]


def test_the_counts_of_a_small_text():
    """Counted by hand; to Gunning "Degeneration" is a name, and "reported" easy for its ending."""
    found = count("Radiology reported an age-related bulge. No Degeneration, MRI of L4/5.", "en")
    assert found == Counts(
        words=10,
        sentences=2,
        letters=9 + 8 + 2 + 10 + 5 + 2 + 12 + 3 + 2 + 3,
        syllables=5 + 3 + 1 + 4 + 1 + 1 + 5 + 1 + 1 + 1,
        polysyllables=4,
        complex=2,
        monosyllables=6,
        long=4,
    )


@pytest.mark.parametrize("language", FORMULAS)
def test_a_language_is_measured_by_its_own_formulas(language):
    found = measure("Eins zwei drei.", language)
    assert list(found.scores) == list(FORMULAS[language])
    assert (found.words, found.sentences, found.words_per_sentence) == (3, 1, 3)


def test_a_text_without_words_has_no_readability_and_no_fault():
    found = measure(" \n- \n", "en")
    assert (found.words, found.scores) == (0, {})
    assert target_fault(found, "en") is None


def test_a_text_that_is_too_hard_says_by_how_much():
    hard = "Multisegmental intervertebral osteochondrosis necessitates neuroradiological reevaluation."
    assert target_fault(measure(hard, "en"), "en").endswith(", the target is at most 8")
    assert target_fault(measure("You can move as you like.", "en"), "en") is None
    assert target_fault(measure(hard, "hi"), "hi") is None


def test_a_target_is_met_at_its_limit():
    assert not Target("x", most=8).missed(8)
    assert Target("x", most=8).missed(8.01)
    assert Target("x", least=55).missed(54.9)
