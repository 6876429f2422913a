"""What a model says made fit to print: without what could drive a page or a terminal, and of bounded length. Pure."""

import re
import unicodedata

LONGEST_QUOTE = 1_500  # what is printed is shorter still
LONGEST_DESCRIPTION = 1_200
LONGEST_NAME = 100
LONGEST_FEW_WORDS = 120  # a mood, a light

# Joiners are part of the words of Persian and Hindi, and of emoji; whatever else is seen as nothing is no part of any.
_KEPT = frozenset("\u200c\u200d")
_NOTHING = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
# What models write where they have nothing to say, and what speaks of somebody without being a name.


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


# What models write where they have nothing to say, and what speaks of somebody without being a name.
_BLANKS = _words(
    "n/a na none null nil unknown unnamed unspecified undefined empty nothing - — – ? … ...",
    "keine keiner unbekannt aucun aucune inconnu ninguno ninguna desconocido nessuno sconosciuto nenhum нет 无 なし",
) | {"not specified", "not stated", "not mentioned", "not applicable", "no aliases", "not given", "not described"}
_PRONOUNS = _words(
    "i me mine myself you your yours yourself he him his himself she her hers herself it its itself we us our ours",
    "ourselves they them their theirs themselves who whom whose this that these those thou thee thy ye someone",
    "somebody everyone everybody anyone anybody nobody the",
    "ich mich dich dir ihn ihm sie wir uns euch ihnen jemand niemand",
    "je moi toi lui nous vous ils eux elles leur quelqu'un yo tú él ello nosotros nosotras vosotros usted ustedes",
    "ellos ellas alguien nadie egli esso essa essi qualcuno você vós eles elas alguém jij hij zij wij jullie",
    "я меня мне ты тебя он его ему она её ее ей мы нас вы вас они их им оно кто",
    "我 你 他 她 它 我们 你们 他们 她们 它们 我們 你們 他們 她們 私 僕 俺 彼 彼女 あなた 彼ら",
)
# Pronouns and articles of one language and names of another: only in small letters they are no names.
_SMALL_PRONOUNS = _words(
    "my one mir mein du dein er sein ihr es unser man tu ti il elle on se ella su io lei noi voi loro eu ele ela nós",
    "ik hem haar personne",
    "a an der die das den dem ein eine le la les un une il lo gli el los las una o os as um uma het",
)


def clean(text: str) -> str:
    """The text without controls, marks that turn its direction, and what is seen as nothing; letters as they are."""
    if text.isprintable():
        return text
    return "".join(_shown(each) for each in text)


def _shown(character: str) -> str:
    if character.isprintable() or character in _KEPT:
        return character
    if character.isspace():
        return character if character == "\n" else " "
    category = unicodedata.category(character)
    if category in _NOTHING:
        # A bell between two words parts them; a soft hyphen or a mark of direction inside a word does not.
        return " " if category == "Cc" else ""
    return " "


def one_line(text: str, longest: int = LONGEST_DESCRIPTION) -> str:
    """The text clean, single-spaced and at most so long; "" where it says that there is nothing to say."""
    # Twice of what is kept is enough to fold: hostile text is not cleaned to its end.
    text = " ".join(clean(text[: 4 * longest]).replace("\ufffd", "").split())
    return shorten("" if text.casefold().strip(". ()") in _BLANKS or text in _BLANKS else text, longest)


def shorten(text: str, longest: int) -> str:
    """At most so many characters: up to a sentence's end, else between words."""
    if len(text) <= longest:
        return text
    ends = [match.end() for match in re.finditer(r"[.!?。！？](?=\s)|[。！？]", text[:longest])]
    if ends and ends[-1] >= longest // 2:
        return text[: ends[-1]]
    kept = text[: longest - 1]
    return f"{kept.rsplit(maxsplit=1)[0] if ' ' in kept else kept}…"


def name_of(text: str) -> str:
    """The text where it can be a name: short, with a letter or digit in it, no pronoun; else ""."""
    name = one_line(text, 2 * LONGEST_NAME).strip(' "“”«»,;:*_`#')
    fits = 0 < len(name) <= LONGEST_NAME and any(each.isalnum() for each in name)
    is_none = name in _SMALL_PRONOUNS or name.casefold() in _PRONOUNS | _BLANKS
    return name if fits and not is_none else ""
