"""Titles and short names in languages beside English. Data only."""

from typing import NamedTuple


class Titles(NamedTuple):
    """The titles and kin words of a language, in small letters: of men, of women, of both."""

    men: frozenset[str]
    women: frozenset[str]
    offices: frozenset[str]


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def _titles(*, men: str, women: str, offices: str) -> Titles:
    """A language's own, and those of English people in it ("Mrs. Aouda")."""
    english = word_set("mr") - word_set(offices)
    return Titles(word_set(men) | english, word_set(women) | word_set("mrs"), word_set(offices))


TITLES_OF = {
    "de": _titles(
        men=(
            "herr herrn graf grafen baron freiherr fürst prinz könig kaiser herzog onkel oheim vetter vater bruder "
            "pastor pfarrer kantor major hauptmann oberst general leutnant rittmeister rat hofrat geheimrat "
            "kommerzienrat justizrat sanitätsrat doktor professor kandidat konsul senator direktor inspektor landrat "
            "bürgermeister meister kutscher kapitän junker ritter pater abt bischof kardinal apotheker oberförster "
            "förster wachtmeister assessor amtsrichter rechtsanwalt kaplan lehrer papst"
        ),
        women=(
            "frau fräulein gräfin baronin freifrau fürstin prinzessin königin kaiserin herzogin tante muhme base "
            "mutter schwester pastorin geheimrätin rätin majorin konsulin witwe jungfer madame mamsell mademoiselle "
            "komtesse"
        ),
        offices="dr prof",
    ),
    "fr": _titles(
        men=(
            "monsieur messieurs m mr seigneur sieur comte vicomte marquis duc baron prince roi empereur cardinal "
            "abbé curé père oncle frère cousin maître docteur capitaine général colonel lieutenant sergent caporal "
            "chevalier sire dom évêque archevêque président procureur notaire juge brigadier maréchal milord lord "
            "sir don chanoine"
        ),
        women=(
            "madame mesdames mme mademoiselle mesdemoiselles mlle comtesse vicomtesse marquise duchesse baronne "
            "princesse reine impératrice mère tante sœur soeur cousine veuve dame lady milady miss mistress doña"
        ),
        offices="saint sainte professeur st ste dr",
    ),
    "es": _titles(
        men=(
            "don d señor sr señorito tío padre fray hermano primo conde vizconde marqués duque barón príncipe rey "
            "emperador capitán general coronel teniente sargento brigadier doctor licenciado maestro cura abad "
            "obispo arcipreste canónigo deán arcediano magistral cardenal juez alcalde compadre abuelo san santo "
            "lord míster monsieur"
        ),
        women=(
            "doña dña señora sra señorita srta tía madre sor hermana prima condesa vizcondesa marquesa duquesa "
            "baronesa princesa reina emperatriz viuda abuela comadre santa lady madame mademoiselle"
        ),
        offices="dr profesor",
    ),
    "it": _titles(
        men=(
            "don signor signore sor sig padre fra frate fratello zio cugino conte visconte marchese duca barone "
            "principe re imperatore capitano generale colonnello dottor dottore maestro mastro mastr compare messer "
            "ser canonico cardinal cardinale vescovo arcivescovo papa abate curato cavalier cavaliere avvocato podestà "
            "san "
            "santo sant monsignor monsignore nonno lord"
        ),
        women=(
            "donna signora sora signorina madre suora sorella zia cugina contessa marchesa duchessa baronessa "
            "principessa regina imperatrice madama monna comare vedova nonna santa madonna lady"
        ),
        offices="dr professor professore",
    ),
    "nl": _titles(
        men=(
            "heer mijnheer mynheer meneer menheer m'nheer hr graaf baron jonkheer hertog prins koning keizer oom "
            "vader broer broeder neef dominee pastoor dokter kapitein majoor kolonel luitenant generaal sergeant "
            "meester baas kontroleur controleur resident adsistent-resident assistent-resident professor "
            "burgemeester notaris opa don monsieur pater sir"
        ),
        women=(
            "mevrouw mevr juffrouw mejuffrouw freule gravin barones hertogin prinses koningin keizerin tante moeder "
            "zuster nicht oma weduwe madame mademoiselle lady"
        ),
        offices="dr prof mr ds",
    ),
    "pt": _titles(
        men=(
            "senhor sr snr dom d padre frei irmão tio primo conde visconde marquês marquez duque barão príncipe "
            "principe rei imperador capitão general coronel tenente sargento doutor bacharel mestre cura abade bispo "
            "cardeal juiz cónego conego chantre compadre avô são santo corregedor desembargador lord monsieur"
        ),
        women=(
            "dona senhora sra snra menina madre sóror soror irmã tia prima condessa viscondessa marquesa duqueza "
            "duquesa baronesa princesa princeza rainha imperatriz viúva viuva comadre avó santa lady madame "
            "mademoiselle"
        ),
        offices="dr professor",
    ),
}
MEN = frozenset[str]().union(*(titles.men for titles in TITLES_OF.values()))
WOMEN = frozenset[str]().union(*(titles.women for titles in TITLES_OF.values()))
OFFICES = frozenset[str]().union(*(titles.offices for titles in TITLES_OF.values()))
# Those that are said to anybody, and within a family.
SOCIAL = word_set(
    "herr herrn frau fräulein onkel oheim vetter vater bruder tante muhme base mutter schwester witwe jungfer mamsell "
    "monsieur messieurs m mr sieur sire père oncle frère cousin maître madame mesdames mme mademoiselle mesdemoiselles "
    "mlle mère sœur soeur cousine veuve dame milady miss mistress mrs milord lord lady sir dom don d doña dña señor sr "
    "señorito tío padre fray hermano primo compadre abuelo san santo míster señora sra señorita srta tía madre sor "
    "hermana prima viuda abuela comadre santa signore signor sor sig fra frate fratello zio cugino mastro mastr "
    "compare "
    "messer ser sant donna signora sora signorina suora sorella zia cugina madama monna comare vedova nonna nonno "
    "madonna heer mijnheer mynheer meneer menheer m'nheer hr oom vader broer broeder neef meester baas opa mevrouw "
    "mevr juffrouw mejuffrouw freule moeder zuster nicht oma weduwe dominee senhor snr frei irmão tio avô são dona "
    "senhora sra snra menina madre sóror soror irmã tia viúva viuva avó"
)
# Titles that go before a given name.
BEFORE_GIVEN = word_set(
    "don doña d dña donna dona dom sor soror suora san santo santa sant são saint sainte tante tía tia zia oncle "
    "onkel oheim muhme tío tio zio oom base vetter cousine prima primo könig königin prinz prinzessin kaiser "
    "kaiserin roi reine rey reina re regina rei rainha koning koningin prinses infante infanta "
    "padre frei fray fra frate "
    "menina aunts uncles"
)
# What villagers are called by a given or a last name alike, kin or not.
RUSTIC = frozenset(("tío", "tía"))
# Titles that a "D." or "M." may follow, which is then no initial.
BEFORE_LETTERS = word_set("sr señor snr senhor exmo sig signor")
# One title under several spellings.
SPELLED = {
    "aunts": "aunt",
    "uncles": "uncle",
    "d": "don",
    "dña": "doña",
    "da": "doña",
    "herrn": "herr",
    "hr": "herr",
    "frl": "miss",
    "sr": "señor",
    "sra": "mrs",
    "senhora": "mrs",
    "snra": "mrs",
    "srta": "miss",
    "snr": "senhor",
    "mevrouw": "mrs",
    "mevr": "mrs",
    "juffrouw": "miss",
    "mejuffrouw": "miss",
    "mynheer": "heer",
    "mijnheer": "heer",
    "meneer": "heer",
    "m'nheer": "heer",
}
# What people are called for short in these languages, by the full name; English has its own list.
SHORT_NAMES = {
    "adelheid": "heidi",
    "antonie": "toni tony",
    "cornelis": "kees",
    "domenico": "menico",
    "dominique": "domi",
    "elisabeth": "elise liese lisbeth lise bethsy betsy",
    "francesco": "cecco checco",
    "francisco": "paco pancho curro chico",
    "friedrich": "fritz",
    "giovanni": "gianni nanni vanni",
    "giuseppe": "beppe peppe peppino",
    "heinrich": "heinz",
    "hendrik": "henk",
    "ignacio": "nacho",
    "isabel": "sabel bel",
    "joaquim": "quim",
    "johann": "jean hans hannes",
    "johannes": "hans hannes jan",
    "josé": "pepe pepito zé zeca",
    "katharina": "käthe kathi",
    "lorenzo": "renzo",
    "luigi": "gigi",
    "margarethe": "grete gretchen",
    "manuel": "manolo",
    "pedro": "perico perucho",
    "pietro": "piero",
    "therese": "resi",
    "wilhelm": "willi",
}
