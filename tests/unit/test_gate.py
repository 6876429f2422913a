"""What does not happen here and now is marked once: compared, denied, remembered, supposed, told of."""

import pytest

from imaginized.providers.builtin.gate import mark_unreal
from imaginized.providers.builtin.gate_scope import Unreal
from imaginized.providers.builtin.lexicon import load_lexicon
from imaginized.providers.builtin.sentences import read_passage
from imaginized.story.text import ChapterText, Paragraph

# Enough of the past that a chapter of one sentence is told of the past, too.
AROUND = "It was late, and there was a lamp. She was tired, and he had a coat, and they were at the door."


def gate(text: str) -> dict[str, Unreal]:
    """Each word of a sentence with its mark."""
    chapter = ChapterText(number=1, title="", paragraphs=(Paragraph(AROUND), Paragraph(text)))
    passage = read_passage(chapter, lexicon=load_lexicon())
    unreal = mark_unreal(passage)
    begin = len(AROUND) + 2
    return {token.lower: Unreal(unreal[at]) for at, token in enumerate(passage.tokens) if token.start >= begin}


@pytest.mark.parametrize(
    ("text", "word", "why"),
    [
        ("Her hair shone like tiny streaks of lightning.", "lightning", Unreal.SIMILE),
        ("He was as cold as steel.", "steel", Unreal.SIMILE),
        ("She moved as if a ghost were behind her.", "ghost", Unreal.SIMILE),
        ("It was bigger than a horse.", "horse", Unreal.SIMILE),
        ("Before him was a sea of faces.", "sea", Unreal.METAPHOR),
        ("There was a storm in her heart.", "storm", Unreal.METAPHOR),
        ("They were all in the same boat.", "boat", Unreal.IDIOM),
        ("Not a man, not a sail was upon the sea.", "man", Unreal.DENIED),
        ("He went out without a hat.", "hat", Unreal.DENIED),
        ("She did not open the chest.", "chest", Unreal.DENIED),
        ("There was no fire in the room.", "fire", Unreal.DENIED),
        ("He took a stick instead of a sword.", "sword", Unreal.DENIED),
        ("She had climbed the mountain.", "mountain", Unreal.MEMORY),
        ("Long ago a castle stood there.", "castle", Unreal.MEMORY),
        ("If a wolf came, they ran.", "wolf", Unreal.SUPPOSED),
        ("He would buy a horse.", "horse", Unreal.SUPPOSED),
        ("She went to fetch a lantern.", "lantern", Unreal.SUPPOSED),
        ("He waited for the boat.", "boat", Unreal.SUPPOSED),
        ("They said that a ship was lost.", "ship", Unreal.TOLD),
        ("He dreamed of a dragon.", "dragon", Unreal.TOLD),
        ("On the wall hung the picture of a ship.", "ship", Unreal.TOLD),
        ("“The bear is in the garden,” said Anna.", "bear", Unreal.SPOKEN),
        ("A dog is a faithful beast.", "dog", Unreal.GENERAL),
        ("Was it a dragon?", "dragon", Unreal.SUPPOSED),
        ("The sailor was on the point of leaving the boat.", "leaving", Unreal.SUPPOSED),
        ("The maid was on the verge of running down the stairs.", "running", Unreal.SUPPOSED),
        ("Had the gardener been a soldier, he would have fought.", "soldier", Unreal.SUPPOSED),
        ("Were they to climb the tower, it would fall.", "tower", Unreal.SUPPOSED),
        ("The nurse sat by the bed until the children slept.", "slept", Unreal.SUPPOSED),
        ("There was no lamp, and she waited until the baker came.", "came", Unreal.SUPPOSED),
        ("He leaned on the gate till the riders came and dismounted.", "dismounted", Unreal.SUPPOSED),
        ("The groom had been smoking in the stable.", "smoking", Unreal.MEMORY),
        ("When the maid had closed the shutters again, he rose.", "closed", Unreal.MEMORY),
        ("The old baker spoke to his wife very little.", "spoke", Unreal.DENIED),
        ("She scarcely glanced at the soldier.", "glanced", Unreal.DENIED),
        ("He ate little.", "ate", Unreal.DENIED),
        ("She climbed the hill again mentally.", "hill", Unreal.SUPPOSED),
        ("In imagination the exile walked on the old bridge.", "bridge", Unreal.SUPPOSED),
        ("In his mind he opened the chest.", "chest", Unreal.SUPPOSED),
        ("She foresaw what was coming.", "coming", Unreal.SUPPOSED),
        ("The merchant was going to Bristol.", "going", Unreal.SUPPOSED),
        ("The widow often walked to the mill.", "mill", Unreal.MEMORY),
        ("The priest was often in the garden.", "garden", Unreal.MEMORY),
        ("She would often knit there, and, nodding to the cat, would sing.", "cat", Unreal.MEMORY),
        ("He rode out, sometimes with a dog, sometimes with a hawk.", "rode", Unreal.MEMORY),
        ("He rode out: sometimes to the mill, at other times to the sea.", "rode", Unreal.MEMORY),
        ("The clerk lunched and supped at the inn.", "supped", Unreal.MEMORY),
        ("He crept through his own house, as in a strange temple.", "temple", Unreal.SIMILE),
        ("The widow spoke no more to the baker.", "spoke", Unreal.DENIED),
        ("The widow no longer listened to the baker.", "listened", Unreal.DENIED),
        ("The nurse was no longer in the nursery.", "nursery", Unreal.DENIED),
        ("There was anything but order in the kitchen.", "kitchen", Unreal.DENIED),
        ("She needn't blame the groom because he struck the dog.", "struck", Unreal.SUPPOSED),
        ("He need not pay the smith because he broke the wheel.", "broke", Unreal.SUPPOSED),
        ("He had put forty miles between himself and the sheriff.", "sheriff", Unreal.MEMORY),
        ("He wanted a whole ocean between himself and the sheriff.", "sheriff", Unreal.SUPPOSED),
        ("He now had a whole ocean between himself and the sheriff.", "sheriff", Unreal.TOLD),
        ("The clerk had been at the mill twice—first with a baker.", "baker", Unreal.MEMORY),
        ("The champion was the first on the field.", "field", Unreal.IDIOM),
        ("It struck her that the baker laughed.", "struck", Unreal.IDIOM),
        ("The baker struck her at first sight as mad.", "struck", Unreal.IDIOM),
        ("Something about the baker struck her.", "struck", Unreal.IDIOM),
        ("He struck her in a new light.", "struck", Unreal.IDIOM),
        ("The thought came and struck him.", "struck", Unreal.IDIOM),
        ("When the cook entered the mill, he would look round.", "mill", Unreal.SUPPOSED),
        ("Then when the cook entered the mill, he’d look round.", "mill", Unreal.SUPPOSED),
        ("The miller would look up when the cook entered.", "entered", Unreal.SUPPOSED),
        ("The miller was riding home tomorrow.", "riding", Unreal.SUPPOSED),
        ("They were coming back next week with the horses.", "horses", Unreal.SUPPOSED),
        ("The cook was leaving on Friday.", "leaving", Unreal.SUPPOSED),
        ("The cook was leaving in a few days.", "leaving", Unreal.SUPPOSED),
        ("The cook was leaving the mill soon.", "leaving", Unreal.SUPPOSED),
        ("Each day the miller dined with them.", "dined", Unreal.MEMORY),
        ("When the cook entered the mill, the tired miller would rise.", "mill", Unreal.SUPPOSED),
        ("When the cook entered the mill, she’d often laugh.", "mill", Unreal.SUPPOSED),
        ("Everybody had to climb the tower.", "tower", Unreal.SUPPOSED),
    ],
)
def test_what_does_not_happen_is_marked(text: str, word: str, why: Unreal) -> None:
    """A comparison, an idiom, a denial, a memory, a hope or a report puts nothing into the picture."""
    assert gate(text)[word] is why


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("He fought like a lion on the stone bridge.", "bridge"),
        ("She liked the old horse.", "horse"),
        ("He ran as fast as he could to the gate.", "gate"),
        ("She could see the tower.", "tower"),
        ("He began to climb the wall.", "wall"),
        ("She stooped to kiss the child.", "child"),
        ("Not only a dog came in.", "dog"),
        ("She saw nothing but the great gray prairie.", "prairie"),
        ("He could not help laughing at the parrot.", "parrot"),
        ("He saw that the door was open.", "door"),
        ("All this time he had been feeling the cloth of my coat.", "coat"),
        ("That evening the whole village danced.", "village"),
        ("She had a basket.", "basket"),
        ("He did not stay, but ran to the river.", "river"),
        ("From that point of view the tower was small.", "tower"),
        ("The girls, who were tired, were the first to sit.", "sit"),
        ("She was rich, had the house painted and sat in the garden.", "garden"),
        ("Until then he walked by the river.", "walked"),
        ("She did not speak until he opened the door.", "opened"),
        ("The groom had waited until the horses came.", "came"),
        ("They rode until they reached the river.", "river"),
        ("The groom had been smoking in the stable for hours.", "smoking"),
        ("The groom had been smoking in the stable since noon.", "smoking"),
        ("The groom had been smoking in the stable when the horse fell.", "smoking"),
        ("He had ragged hair.", "hair"),
        ("She said a little prayer.", "said"),
        ("She kissed little Anna.", "kissed"),
        ("The girl was very little.", "was"),
        ("She danced in fancy dress on the lawn.", "danced"),
        ("He crept little by little to the wall.", "crept"),
        ("He had hardly opened the chest when the dog barked.", "opened"),
        ("He stood in thought on the bridge.", "stood"),
        ("The old king sat broken in spirit by the fire.", "fire"),
        ("The merchant was going to the gate.", "going"),
        ("The merchant was going to Bristol when the storm broke.", "going"),
        ("She turned often to look at the house.", "turned"),
        ("Sometimes a dog barked.", "dog"),
        ("The maid ran to the well; the cook sat sometimes here, sometimes there.", "ran"),
        ("The clerk supped at the inn.", "supped"),
        ("He looked up, as in the kitchen the clock struck.", "kitchen"),
        ("He was in the attic as well as in the garden.", "garden"),
        ("She waited no longer, but opened the chest.", "opened"),
        ("She could hold it no longer and dropped the basket.", "dropped"),
        ("She could stand it no longer when the parrot screamed.", "screamed"),
        ("She mustn't turn because the bull followed her.", "followed"),
        ("He should not wait because the tide came in.", "came"),
        ("They spoke no more as they climbed the tower.", "climbed"),
        ("He could not see anything, but the tower was there.", "tower"),
        ("He took no more than one apple from the basket.", "took"),
        ("The baker was no more afraid of the dog.", "was"),
        ("She laughed because he dropped the basket.", "dropped"),
        ("He had the table between himself and the sheriff.", "sheriff"),
        ("She had been at the mill, and first she opened the chest.", "opened"),
        ("The champion stood in the field.", "field"),
        ("The mowers slept on the field.", "field"),
        ("The baker struck her with a stick.", "struck"),
        ("He suddenly struck him.", "struck"),
        ("She ran up and struck her.", "struck"),
        ("When the cook entered the mill, he’d looked round already.", "mill"),
        ("When the cook entered the mill, she would not look round.", "mill"),
        ("She would have smiled when the cook entered the mill.", "mill"),
        ("The next day the miller was riding home.", "riding"),
        ("Soon they were riding over the moor.", "riding"),
        ("The cook was walking as soon as he could.", "walking"),
        ("The miller had a horse to ride.", "horse"),
        ("The miller was riding home and soon met the cook.", "riding"),
        ("The miller was riding home but next week was forgotten.", "riding"),
        ("The miller was riding a horse that soon tired.", "riding"),
        ("The cook was walking for the first time in three weeks.", "walking"),
        ("When the cook entered the mill, he said he would go.", "mill"),
        ("When the cook entered the mill, she swore she’d stay.", "mill"),
        ("When the cook entered the mill, he saw she would go.", "mill"),
        ("When the cook entered the mill, he’d put down the sack.", "mill"),
        ("When the cook entered the mill, they’d come already.", "mill"),
    ],
)
def test_what_happens_is_not(text: str, word: str) -> None:
    """What only looks like one of those stays in the picture."""
    assert gate(text)[word] is Unreal.NO


def test_other_languages_are_not_read() -> None:
    """Nothing is marked in a chapter that is not English."""
    text = "Er ging in den Wald und sah den Wolf nicht, aber der Wolf sah ihn und lief davon. " * 4
    passage = read_passage(ChapterText(number=1, title="", paragraphs=(Paragraph(text),)), lexicon=load_lexicon())

    assert not any(mark_unreal(passage))
