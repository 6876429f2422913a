"""What getting ready to stage a chapter costs: it grows with the chapter, not with its square."""

from dataclasses import dataclass, field

from imaginized.providers.builtin.lexicon import load_lexicon
from imaginized.providers.builtin.names import Name, find_names, spans_by_token
from imaginized.providers.builtin.owners import Owners
from imaginized.providers.builtin.phrases import find_phrases
from imaginized.providers.builtin.sentences import read_passage
from imaginized.providers.builtin.staging import set_stage
from imaginized.story.text import ChapterText, Paragraph

TIMES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting(Owners):
    """Owners that note whom they were asked about: each answer takes all sentences that name somebody."""

    asked: list[str] = field(default_factory=list)

    def sex_to_draw(self, name: Name) -> frozenset[str] | None:
        self.asked.append(name.text)
        return Owners.sex_to_draw(self, name)


def test_a_name_is_looked_through_once_however_often_it_is_told() -> None:
    """A chapter of many like paragraphs takes as long as its length says, so that no worker is killed as silent."""
    told = "Anna took the lamp and went down. Berthold stood beside the wagon and waved at her."
    chapter = ChapterText(number=1, title="One", paragraphs=(Paragraph(text=told),) * TIMES)
    lexicon = load_lexicon()
    passage = read_passage(chapter, lexicon=lexicon)
    named = spans_by_token(find_names(passage, lexicon=lexicon))
    phrases = [find_phrases(passage, sentence, taken=frozenset(named)) for sentence in passage.sentences]
    owners = Counting(passage=passage, names=named)

    called = {name.text: name.text for name in named.values()}
    set_stage(passage, phrases=phrases, names=named, called=called, owners=owners)

    assert len(named) >= 2 * TIMES
    assert sorted(owners.asked) == ["Anna", "Berthold"]
