"""Books in other languages: who and what is found by names, how far the reading goes, and what is never claimed."""

import pytest

from imaginized.guide.notes import text_credit
from imaginized.providers.api import TextReply, TextRequest
from imaginized.providers.builtin.words import read_chapter
from imaginized.story.elements import Element, ElementType
from imaginized.story.merging import merge_elements
from imaginized.story.methods import WordMethod
from imaginized.story.names import core, is_diminutive, name_key, title_of
from imaginized.story.text import ChapterText, Paragraph

GERMAN = (
    "Am Abend kam Herr von Seebach nach Lindow zurück. »Wo ist Mathilde?« fragte Seebach. Die Magd wußte es nicht.",
    "Mathilde saß unter der alten Linde im Garten und las ein Buch. Sie hatte den Wagen nicht gehört.",
    "»Da bist du ja«, sagte Seebach. »Ich habe in Lindow einen Brief für dich bekommen.« Mathilde lächelte nur.",
    "Seebachs Hund Waldo lief voraus. Der Hund bellte, und die Kinder lachten. Mathildes Hut flog ins Gras.",
    "Das Glück war groß, und die Freude auch. Mit Geduld und Liebe ging die Zeit dahin, sagte die alte Frau.",
)
FRENCH = (
    "M. de Brassac entra dans le salon. « Où est Lucile ? » demanda M. de Brassac. La servante n'en savait rien.",
    "Lucile était assise sous le vieux tilleul. Elle n'avait pas entendu la voiture qui venait de Vermont.",
    "« Te voilà », dit Brassac. « J'ai reçu une lettre à Vermont. » Lucile sourit. Le chapeau de Lucile tomba.",
    "Il retourna à Vermont le soir. On disait à Vermont que l'hiver serait long. Puis il quitta Vermont.",
    "« Hélas ! » dit-elle. Demain il ferait beau, et l'abbé Moreau viendrait. L'abbé Moreau ne vint pas.",
)
SPANISH = (
    "Don Baltasar entró en la sala. —¿Dónde está Leonor?—preguntó don Baltasar. La criada no lo sabía.",
    "Leonor estaba sentada bajo el viejo tilo. Ella no había oído el coche que llegaba de Valdeola.",
    "—Aquí estás—dijo don Baltasar—. He recibido una carta en Valdeola. Leonor no respondió. Leonor sonrió.",
    "Volvió a Valdeola por la noche. Decían en Valdeola que el invierno sería largo. En Valdeola nevaba.",
    "Pero la señora Rufina no vino. La señora Rufina era muy vieja y no salía con el frío.",
)
ITALIAN = (
    "Don Gaspare entrò nella sala. - Dov'è Ersilia? - domandò don Gaspare. La serva non lo sapeva.",
    "Ersilia era seduta sotto il vecchio tiglio. Ella non aveva sentito la carrozza che veniva da Montevero.",
    "- Eccoti, - disse don Gaspare. - Ho ricevuto una lettera in Montevero. Ersilia sorrise. Ersilia non rispose.",
    "Tornò a Montevero la sera. In Montevero si diceva che l'inverno sarebbe lungo. Nevicava in Montevero.",
    "Ma la signora Rosalba non venne. La signora Rosalba era molto vecchia e non usciva con il freddo.",
)
DUTCH = (
    'Mijnheer van Reede kwam de kamer in. "Waar is Geertje?" vroeg mijnheer van Reede. De meid wist het niet.',
    "Geertje zat onder de oude linde te lezen. Zij had het rijtuig niet gehoord dat uit Oosterhaven kwam.",
    '"Daar ben je," zei Van Reede. "Ik heb in Oosterhaven een brief gekregen." Geertje glimlachte.',
    "Hij reed des avonds naar Oosterhaven. Men zeide in Oosterhaven dat de winter lang zou zijn in het land.",
    "Maar juffrouw Mulder kwam niet. Juffrouw Mulder was heel oud en ging met die kou niet uit.",
)
PORTUGUESE = (
    "D. Sebastiana entrou na sala. —Onde está o Leandro?—perguntou D. Sebastiana. A criada não sabia.",
    "Leandro estava sentado à sombra. Ele não tinha ouvido a carruagem que vinha de Valmor, e lia um livro.",
    "—Aqui estás—disse D. Sebastiana. Recebi uma carta em Valmor. O Leandro não respondeu. Leandro sorriu.",
    "Voltou a Valmor de noite. Dizia-se em Valmor que o inverno seria longo. Nevava em Valmor, com muito vento.",
    "Mas o padre Ambrosio não veio. O padre Ambrosio era muito velho e não saía com o frio.",
)
TEXTS = {
    "de": (GERMAN, {"Mathilde", "Seebach"}, "Lindow"),
    "fr": (FRENCH, {"Lucile", "M. de Brassac", "abbé Moreau"}, "Vermont"),
    "es": (SPANISH, {"Leonor", "don Baltasar", "señora Rufina"}, "Valdeola"),
    "it": (ITALIAN, {"Ersilia", "don Gaspare", "signora Rosalba"}, "Montevero"),
    "nl": (DUTCH, {"Geertje", "mijnheer van Reede", "juffrouw Mulder"}, "Oosterhaven"),
    "pt": (PORTUGUESE, {"Leandro", "D. Sebastiana", "padre Ambrosio"}, "Valmor"),
}


def read(*paragraphs: str, language: str = "") -> TextReply:
    """Read a chapter of these paragraphs."""
    chapter = ChapterText(
        number=1,
        title="",
        paragraphs=tuple(Paragraph(text=text) for text in paragraphs),
    )
    return read_chapter(TextRequest(book_title="A book", language=language, chapter=chapter, scenes=2))


def named(elements: tuple[Element, ...], name: str) -> Element:
    """The element that is called so, whatever its capitals."""
    called = {each.casefold(): element for element in elements for each in (element.name, *element.aliases)}
    assert name.casefold() in called, sorted(called)
    return called[name.casefold()]


@pytest.mark.parametrize("language", TEXTS)
def test_people_and_places_are_found_by_their_names(language: str) -> None:
    """A chapter has its people, its beasts and its places, each with verbatim quotes and no looks."""
    paragraphs, people, place = TEXTS[language]

    reply = read(*paragraphs)
    elements = merge_elements([reply.elements])

    assert reply.method == WordMethod.NAMES
    for name in people:
        assert named(elements, name).type is ElementType.CHARACTER
    assert named(reply.elements, place).type is ElementType.PLACE
    text = "\n\n".join(paragraphs)
    assert all(each.quotes and not each.description for each in reply.elements)
    assert all(text[quote.start :].startswith(quote.text) for each in reply.elements for quote in each.quotes)


def test_german_nouns_are_nobody() -> None:
    """Every noun is capital in German: only what stands like a name is one."""
    names = {each.name for each in read(*GERMAN).elements}

    assert names >= {"Mathilde", "Seebach", "Lindow", "Waldo"}
    assert names.isdisjoint({"Hund", "Kinder", "Glück", "Freude", "Geduld", "Liebe", "Zeit", "Hut", "Gras", "Linde"})


def test_a_beast_is_told_by_what_it_is_called() -> None:
    """ "Der Hund Waldo" is a creature; who owns it is none."""
    elements = read(*GERMAN).elements

    assert named(elements, "Waldo").type is ElementType.CREATURE
    assert named(elements, "Seebach").type is ElementType.CHARACTER


def test_a_german_role_that_speaks_is_somebody() -> None:
    """Who is called by a noun alone and speaks again and again is a person of the book."""
    speeches = [
        f"»Das ist die {number}. Geschichte«, sagte der Großvater und ging nicht zu den Leuten." for number in range(4)
    ]

    elements = read(
        *speeches, "Der Mann war alt, und die Ziege war jung, und sie gingen auf dem Weg in das Tal."
    ).elements

    assert named(elements, "Großvater").type is ElementType.CHARACTER


def test_a_genitive_counts_for_the_name() -> None:
    """ "Seebachs Hund" names Seebach."""
    seebach = named(read(*GERMAN).elements, "Seebach")

    assert seebach.mentions == 3  # "Herr von Seebach" is another name


def test_what_an_apostrophe_parts_is_a_name_of_its_own() -> None:
    """ "L'abbé Moreau" and "d'Armel" are names without the article and the preposition."""
    names = {
        each.name
        for each in read(*FRENCH, "La robe d'Armel était bleue. Armel sourit. Elle dit qu'Armel viendrait.").elements
    }

    assert {"abbé Moreau", "Armel"} <= names
    assert not any(name.startswith(("L'", "l'", "qu'", "d'")) for name in names)


def test_a_particle_that_is_never_away_stays() -> None:
    """Who is always "d'Aubrac" is shown so."""
    text = "D'Aubrac entra dans la salle avec les autres. « Monsieur », dit d'Aubrac. D'Aubrac salua le roi. Il partit."

    names = {each.name for each in read(text, *FRENCH).elements}

    assert "d'Aubrac" in names


def test_two_names_that_only_meet_are_two() -> None:
    """A verb at the end of the clause makes no full name of subject and object."""
    text = (
        "Karl kam. »Ach«, sagte Karl. Anna ging. »Nein«, sagte Anna. Karl schwieg. Anna lachte. Karl und Anna gingen. "
    )

    names = {each.name for each in read(text * 2, "Er wußte nicht, daß Karl Anna liebte, und das war gut so.").elements}

    assert {"Karl", "Anna"} <= names
    assert "Karl Anna" not in names


def test_kin_of_somebody_is_somebody_else() -> None:
    """ "La mère de Lucile" and "mon oncle Armel" name Lucile and Armel."""
    names = {
        each.name
        for each in read(*FRENCH, "La mère de Lucile dormait. Mon oncle Armel dit non. Armel dit oui.").elements
    }

    assert {"Lucile", "Armel"} <= names
    assert not any("mère" in name or "oncle" in name for name in names)


@pytest.mark.parametrize(
    ("name", "bare", "title"),
    [
        ("Mme de Brassac", ("brassac",), "mrs"),
        ("Frau von Seebach", ("seebach",), "mrs"),
        ("Herr Major von Seebach", ("seebach",), "major"),
        ("Sr. D. Baltasar", ("baltasar",), "don"),
        ("mijnheer van Reede", ("reede",), "heer"),
        ("d'Aubrac", ("aubrac",), ""),
        ("conte di Montevero", ("montevero",), "conte"),
    ],
)
def test_titles_and_particles_are_no_part_of_the_name(name: str, bare: tuple[str, ...], title: str) -> None:
    """The core of a name is what its bearer shares with the family."""
    assert (core(name_key(name)), title_of(name_key(name))) == (bare, title)


@pytest.mark.parametrize(("small", "name"), [("rosarito", "rosario"), ("karlchen", "karl"), ("luizinho", "luiz")])
def test_diminutives_are_known(small: str, name: str) -> None:
    """A small form belongs to its name, and not the other way round."""
    assert is_diminutive(small, name)
    assert not is_diminutive(name, small)


def test_the_language_is_told_by_the_words_where_the_book_does_not_say_it() -> None:
    """A wrong tag changes nothing: the words decide, as long as they are clear."""
    assert read(*PORTUGUESE, language="es").elements == read(*PORTUGUESE).elements
    assert read(*SPANISH, language="pt-BR").elements == read(*SPANISH).elements


RUSSIAN = (
    "Утром, когда над рекой ещё стоял туман и лодки спали у берега, Ветлугин приехал в город. "
    "— Где письмо? — спросил Ветлугин. Никто не ответил.",
    "— Я его не видел, — сказал наконец Остапов и отвернулся. — Оно пропало, — добавил Остапов.",
    "— Это правда? — тихо сказал Ветлугин. Москва была далеко, и до Москвы никто не доехал.",
)


def test_in_a_language_not_known_who_speaks_is_found() -> None:
    """Capitals prove a name, and a told speech a person; a city has no speech, so it is not claimed."""
    reply = read(*RUSSIAN)

    assert {each.name for each in reply.elements} == {"Ветлугин", "Остапов"}
    assert all(each.type is ElementType.CHARACTER and each.quotes for each in reply.elements)
    assert reply.method == WordMethod.SPEAKERS


@pytest.mark.parametrize(
    "text",
    [
        "王冕说：“今天很冷。”他走出门去。" * 20,
        "„Gud' Moien“, sot den Noper. D'Kanner hunn am Gaart mam Hond an der Kaz gespillt, an d'Mamm huet d'Kichen. "
        "„Jo“, sot den Noper. Den Här Noper huet d'Dier vum Haus an d'Fënster vun der Schoul gesinn. " * 5,
        "שלום אמר האיש והלך לביתו. " * 30,
    ],
)
def test_without_proof_nobody_is_claimed(text: str) -> None:
    """A script without capitals and a language whose nouns all have them give no elements, and the reply says so."""
    reply = read(text)

    assert reply.elements == ()
    assert reply.method == WordMethod.SCENES


def test_english_keeps_its_method() -> None:
    """The whole reading is English only."""
    assert read("It was said that he had not been there, and that she was with the others.").method == WordMethod.WHOLE


def test_the_guide_says_how_far_a_language_is_read() -> None:
    """Each method has a sentence of its own, and those that miss looks say so."""
    told = {method: text_credit(method, by_model=False) for method in WordMethod}

    assert len(set(told.values())) == len(WordMethod)
    assert all("not read for" in text for method, text in told.items() if method is not WordMethod.WHOLE)
    assert "not read for" not in told[WordMethod.WHOLE]


def test_english_titles_belong_to_names_in_any_language() -> None:
    """ "Mrs. Vale" in a French book is one name, and the ship that one is aboard of is nobody."""
    reply = read(
        "Le soir, Mrs. Vale entra dans le salon. On vit alors que Mrs. Vale était pâle. Il la salua, et elle sourit.",
        "On dit que Mrs. Vale était venue à bord du Sirocco. Elle était à bord du Sirocco avec lui. Le Sirocco partit.",
        "Puis il quitta la maison de Mrs. Vale, et la pluie tomba sur le port. Le Sirocco était là, dans la nuit.",
    )

    elements = merge_elements([reply.elements])

    assert named(elements, "Mrs. Vale").type is ElementType.CHARACTER
    assert "Mrs" not in {element.name for element in elements}
    assert named(elements, "Sirocco").type is ElementType.ITEM


def test_a_ship_with_its_article_and_an_english_street_are_nobody() -> None:
    """ "La Belle-Rose" that never speaks is no woman, and "Garden-row" is a place in a French book, too."""
    reply = read(
        "La Belle-Rose partit de Garden-row le soir. Il vit que la Belle-Rose était là. La Belle-Rose fut perdue.",
        "Le vent était fort, et la Belle-Rose avait une voile. Il dit que la Belle-Rose serait dans le port.",
        "Elle vint de Garden-row. On vit Lucile dans Garden-row. « Où est-il ? » demanda Lucile. Lucile sourit.",
    )
    elements = merge_elements([reply.elements])

    assert "Belle-Rose" not in {element.name for element in elements if element.type is ElementType.CHARACTER}
    assert named(elements, "Garden-row").type is ElementType.PLACE


def test_peoples_in_the_plural_are_nobody() -> None:
    """ "Les Hurons" is a people, whoever they chase; who stands between given and last name as Gräfin is one."""
    french = read(
        "Les Hurons couraient dans la plaine, et les Hurons criaient. Paul Morel regardait ces Hurons avec crainte. "
        "Mais les Hurons ne virent pas Paul Morel, qui dit à Jeanne que tous les Hurons étaient partis. "
        "Jeanne répondit que Paul était fou, et que le soleil se couchait sur la plaine.",
        language="fr",
    )
    german = read(
        "Anna Gräfin Moor ging in den Garten, und Anna lachte, als sie die Rosen sah. Da sagte Anna, daß es spät sei. "
        "Der Diener aber rief: Anna! und Anna Gräfin Moor antwortete nicht, weil sie nicht wollte.",
        language="de",
    )

    assert not any(element.name == "Hurons" for element in french.elements)
    assert named(french.elements, "Paul Morel")
    assert named(german.elements, "Anna Gräfin Moor")


def test_a_wedding_is_counted_for_who_is_named_beside_it() -> None:
    """A sentence about a marriage tells of the names in it."""
    reply = read(
        "Anna wollte Karl heiraten, und das war gut. Karl sagte nicht nein. Frau Moor lachte, und Anna ging.",
        language="de",
    )

    signs = named(reply.elements, "Anna").signs

    assert signs is not None
    assert signs.weds == {"Karl": 1}
