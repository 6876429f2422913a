"""Italian."""

from imaginized.providers.builtin.tongues.tongue import Tongue, words
from imaginized.story.foreign_titles import TITLES_OF

ARTICLES = words("il lo la i gli le un uno una l un")
DETERMINERS = ARTICLES | words(
    "al allo alla ai agli alle all del dello della dei degli delle dell dal dallo dalla dai dagli dalle dall nel "
    "nello nella nei negli nelle nell sul sullo sulla sui sugli sulle sull col coi mio mia miei mie tuo tua tuoi tue "
    "suo sua suoi sue nostro nostra nostri nostre vostro vostra vostri vostre questo questa questi queste quest quel "
    "quello quella quei quegli quelle quell ogni tutto tutta tutti tutte qualche nessun nessuna altro altra altri "
    "altre che quale quali quanto quanta"
)
ITALIAN = Tongue(
    code="it",
    name="Italian",
    common=words("di che e la il non un a per una in si le con è della era i da ma gli del lo come più al sua"),
    titles=TITLES_OF["it"],
    function=DETERMINERS
    | words(
        "io tu egli ella esso essa lui lei noi voi essi esse loro mi ti si ci vi me te se ne li che chi cui e ed o "
        "od né ma però anzi perché perchè poiché poichè siccome se come quando dove mentre sebbene benché in di a ad "
        "da con per su tra fra senza sotto sopra dopo prima contro verso presso non sì no già più meno molto tanto "
        "troppo poco bene male ancora sempre mai anche pure neppure nemmeno allora poi quindi dunque così intanto "
        "infatti ora adesso oggi ieri domani qui qua là lì ecco forse appena quasi solo soltanto nulla niente "
        "qualcuno ognuno è era fu sono erano sei siamo siete ha aveva ebbe ho hai abbiamo hanno sarà sarebbe c v n s "
        "d t m l eh oh ah ohi ahi deh via su orsù bravo povero povera caro cara buon buona buono ci due tre quattro "
        "cinque dieci certo certamente finalmente veramente appunto proprio insomma ebbene andiamo vedete sentite "
        "guarda guardate signor ciò cosa quant dov com tutt quand"
    ),
    abbreviations=words("Sig Sigg D Dott Prof Avv Cav S SS"),
    particles=words("di de del della dello dei degli delle dell da dal dalla dai d la lo von van"),
    elisions=words(
        "l d un dell all nell dall sull quell quest c s n m t v bell sant coll ch cos dov com tutt mezz anch quand "
        "grand gl mastr nessun"
    ),
    articles=ARTICLES,
    determiners=DETERMINERS,
    speech=words(
        "disse rispose domandò chiese esclamò gridò replicò soggiunse riprese ripigliò mormorò continuò aggiunse "
        "borbottò interruppe urlò balbettò sussurrò bisbigliò sospirò osservò ripeté ripetè proseguì dice risponde "
        "domanda chiede esclama grida riprende soggiunge diceva rispondeva domandava gridava ripeteva esclamava "
        "pensò pensava concluse ordinò pregò cominciò dicendo rispondendo strillò brontolò raccontò confessò dissero"
    ),
    being=words(
        "è era fu sarà sarebbe ha aveva ebbe avrebbe va andò andava può poteva poté potè deve doveva dovette vuole "
        "voleva volle sapeva seppe stava stette faceva fece diede dava vide vedeva si s non lo la gli le ne ci mi "
        "era s'era aveva avea prese mise entrò uscì rimase pareva parve sentì guardò venne veniva tornò"
    ),
    he=words("egli lui esso"),
    she=words("ella lei essa"),
    inside=words("in nel lasciare visitare"),
    toward=words("a ad da verso per fino su"),
    listing=words("e ed o né"),
    places=words(
        "italia francia spagna inghilterra germania austria svizzera portogallo russia turchia grecia olanda fiandra "
        "europa asia africa america india cina giappone lombardia piemonte toscana sicilia sardegna savoia veneto "
        "milano roma venezia firenze napoli torino genova bologna palermo catania bergamo brescia monza lecco como "
        "mantova verona padova modena parma pavia cremona ferrara siena pisa parigi londra madrid vienna po adda "
        "adige arno tevere ticino"
    ),
    plurals=(words("i gli dei degli ai agli dai dagli quei quegli due tre"), ("i",)),
    place_heads=words(
        "via piazza corso ponte chiesa duomo convento castello palazzo palazzotto osteria locanda porto isola monte "
        "monti fiume lago mare città villa villaggio paese valle porta torre strada borgo lazzeretto"
    ),
    animals=words(
        "cane cagna gatto gatta cavallo cavalla mula asino ciuco ciuchino leone lupo volpe orso scimmia pappagallo "
        "gallo corvo civetta falco grillo colombo piccione pesce tonno pesce-cane merlo serpente lumaca can"
    ),
    never=words(
        "dio signore cristo gesù madonna vergine diavolo cielo provvidenza gennaio febbraio marzo aprile maggio "
        "giugno luglio agosto settembre ottobre novembre dicembre lunedì martedì mercoledì giovedì venerdì sabato "
        "domenica natale pasqua quaresima capitolo parte libro tomo fine gutenberg italiano italiana italiani "
        "francese francesi inglese inglesi tedesco tedeschi spagnolo spagnoli spagnuoli romano romani greco latino "
        "lanzichenecchi milanesi milanese bergamaschi maestà altezza eccellenza eminenza vossignoria lei loro ella "
        "illustrissimo reverendo signor signori signora signore stato chiesa natura amore morte fortuna destino "
        "governo sanità tribunale consiglio sì no ah oh eh ohimè amen nord sud est ovest vangelo bibbia accademia "
        "mamma papà babbo padre madre"
    ),
    bland=words(
        "padre madre zio zia fratello sorella mamma babbo signore signora uomo donna ragazzo ragazza re regina"
    ),
    names_take_articles=True,
)
