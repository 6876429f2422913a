"""Dutch, in today's spelling and in that of the nineteenth century."""

from imaginized.providers.builtin.tongues.tongue import Tongue, words
from imaginized.story.foreign_titles import TITLES_OF

ARTICLES = words("de het een t eene eenen den der des n")
DETERMINERS = ARTICLES | words(
    "mijn mijne myn m'n z'n jouw je uw uwe zijn zijne zyn zyne haar hare ons onze jullie hun hunne deze dit die dat "
    "dien elke elk ieder iedere welke welk alle al alles enige enkele vele veel weinig geen geene zulk zulke ander "
    "andere beide twee drie vier vijf zes tien"
)
DUTCH = Tongue(
    code="nl",
    name="Dutch",
    common=words(
        "de van het een en dat in is niet te zijn op met die hij voor er maar ik was aan als ze ook zij zyn den"
    ),
    titles=TITLES_OF["nl"],
    function=DETERMINERS
    | words(
        "ik jij gij ge u hij hy zij zy ze wij wy we mij my me jou hem haar hen men wie wat waar wanneer hoe waarom "
        "en of maar want doch noch dus toch omdat als toen dat wijl daar opdat hoewel terwijl nadat voordat tot "
        "totdat sinds zodra in op aan uit bij by met naar van voor over onder door tegen zonder om na te tussen "
        "tusschen binnen buiten boven beneden achter naast langs niet nooit altijd altyd nog al reeds slechts alleen "
        "ook zeer heel wel ja neen nee nu dan hier daar daarbij daarby daarvan daarop daarom er ervan weer weder "
        "verder eindelijk eindelyk misschien zeker natuurlijk natuurlyk vandaag morgen gisteren spoedig dadelijk "
        "bijna byna zo zoo zooals alzo alsof och ach o oh hè hé kom ga kijk zie eerst toen daarna vervolgens "
        "intussen intusschen trouwens echter immers is was waren ben bent had heeft heb hebben werd wordt zou zal "
        "kan kon moet moest mag wil wou goede goed lieve beste arme oude dag zei zeg wacht niemand iemand iets niets "
        "een één eens even meer minder"
    ),
    abbreviations=words("Dhr Mevr Mej Mr Dr Ds Hr Jhr St Prof Ir b.v enz d.i"),
    particles=words("van de der den het ter ten 't te von la du"),
    articles=ARTICLES,
    determiners=DETERMINERS,
    speech=words(
        "zei zeide zegt sprak vroeg vraagt antwoordde antwoordt riep roept hernam vervolgde herhaalde fluisterde "
        "mompelde schreeuwde zuchtte lachte glimlachte knikte dacht meende merkte verklaarde beweerde stamelde "
        "snikte begon hervatte bromde vertelde verzekerde smeekte beval gilde zeiden"
    ),
    being=words(
        "is was had heeft werd wordt zou zal kon kan moest moet mocht wilde wil ging kwam stond zat lag zag nam "
        "bleef scheen wist vond hield gaf liep keek liet deed bracht"
    ),
    he=words("hij hy hem i"),
    she=words("zij zy haar"),
    also_they=words("zij zy"),
    inside=words("in te naar"),
    toward=words("uit bij by tot over door op"),
    listing=words("en of noch"),
    places=words(
        "nederland holland belgië vlaanderen duitschland duitsland frankrijk frankryk engeland spanje italië "
        "zwitserland rusland oostenrijk turkije griekenland europa azië afrika amerika indië indie indiën insulinde "
        "java sumatra borneo celebes china japan amsterdam rotterdam haag leiden utrecht haarlem delft groningen "
        "arnhem nijmegen zeeland friesland gelderland brabant antwerpen brussel gent londen parijs parys berlijn "
        "rome weenen batavia soerabaja rijn maas amstel"
    ),
    place_heads=words(
        "straat gracht plein laan kade brug kasteel kerk eiland meer berg dorp stad dal hof hotel weg dijk"
    ),
    cases=("s",),
    place_endings=("straat", "gracht", "plein", "laan", "kade", "singel", "dijk"),
    animals=words("hond kat poes paard ezel leeuw wolf vos beer aap papegaai karbouw buffel tijger tyger haan vogel"),
    never=words(
        "god heer here heiland christus jezus duivel hemel januari februari maart april mei juni juli augustus "
        "september oktober october november december maandag dinsdag woensdag donderdag vrijdag vrydag zaterdag "
        "zondag kerstmis pasen paschen pinksteren hoofdstuk deel boek einde gutenberg nederlander nederlanders "
        "nederlandsch nederlandsche hollander hollanders hollandsch hollandsche duitscher duitschers duitse "
        "engelsman engelsch fransch fransen javaan javanen maleisch europeaan europeanen majesteit excellentie edele "
        "edelachtbare heeren dames heer mevrouw mijnheer mynheer juffrouw meneer u uw uwe ja neen nee ach och o amen "
        "noord zuid oost west gouvernement staat kerk natuur bijbel bybel evangelie vaderland z'n z'ne m'n papa mama "
        "vader moeder lezer co noot zij hij"
    ),
    bland=words("vader moeder oom tante broer zuster papa mama man vrouw kind jongen meisje heer dame koning koningin"),
)
