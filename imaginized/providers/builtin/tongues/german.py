"""German. Every noun is capital, so a name must be proved by what stands around it."""

from imaginized.providers.builtin.tongues.tongue import Tongue, words
from imaginized.story.foreign_titles import TITLES_OF

ARTICLES = words("der die das den dem des ein eine einen einem einer eines")
DETERMINERS = ARTICLES | words(
    "im am zum zur vom beim ins ans aufs fürs durchs übers ums kein keine keinen keinem keiner keines mein meine "
    "meinen meinem meiner meines dein deine deinen deinem deiner deines sein seine seinen seinem seiner seines ihr "
    "ihre ihren ihrem ihrer ihres unser unsere unseren unserem unserer unsern unsres unsre euer eure euren eurem "
    "eurer dieser diese dieses diesen diesem jener jene jenes jenen jenem jeder jede jedes jeden jedem welcher "
    "welche welches manche mancher alle allen aller alles viel viele vielen wenig wenige mehr etwas nichts zwei drei "
    "vier fünf sechs zehn beide beiden solche solcher solchen solch manch einige einigen mehrere lauter genug "
    "allerlei"
)
FUNCTION = DETERMINERS | words(
    "ich du er sie es wir ihr mich dich ihn uns euch mir dir ihm ihnen sich man wer was wen wem wessen und oder aber "
    "denn sondern doch jedoch daß dass weil wenn als ob obwohl obgleich während nachdem bevor ehe bis seit da damit "
    "sodaß so wie wo woher wohin wann warum weshalb wozu womit worauf in an auf aus bei mit nach von zu vor hinter "
    "über unter neben zwischen durch für gegen ohne um wegen trotz statt nicht nie niemals immer noch schon nur auch "
    "sehr ganz gar wohl ja nein nun jetzt dann hier dort dabei dafür dagegen daher dahin darauf daran darin daraus "
    "davon dazu darum darüber wieder weiter endlich plötzlich zuerst zuletzt vielleicht gewiß gewiss freilich "
    "natürlich übrigens inzwischen unterdessen indessen also deshalb darauf hierauf heute morgen gestern bald gleich "
    "eben gerade fast kaum ziemlich allein außer ach oh o na nu hm he ei pst halt bitte danke guten gute gut lieber "
    "liebe liebes armer arme alter alte jawohl freilich hinauf hinunter hinaus hinein herein heraus herauf herunter "
    "hin her los ab zurück fort weg wahrhaftig einst einmal zweimal erst selbst selber je desto umso indem insofern "
    "sobald solange dessen deren denen wieviel sowie niemand jemand jedermann weder entweder sowohl zwar eigentlich "
    "überhaupt ungefähr etwa wirklich leider hoffentlich nämlich"
)
GERMAN = Tongue(
    code="de",
    name="German",
    common=words("der die und das nicht ich sie es ist ein zu den mit sich er auf dem von war daß wie aber so auch"),
    titles=TITLES_OF["de"],
    function=FUNCTION,
    abbreviations=words("Hr Hrn Fr Frl Dr Prof St bzw usw z.B d.h u.s.w resp Nr"),
    particles=words("von van vom der den de la du di"),
    articles=ARTICLES,
    determiners=DETERMINERS,
    speech=words(
        "sagte sagt fragte fragt rief ruft antwortete antwortet erwiderte erwidert versetzte meinte meint entgegnete "
        "schrie flüsterte murmelte seufzte lachte wiederholte erklärte bemerkte begann fuhr sprach spricht stammelte "
        "stotterte brummte knurrte jammerte schluchzte nickte lächelte bat befahl erzählte berichtete unterbrach "
        "hauchte höhnte keuchte stöhnte jubelte staunte warnte gestand gab wandte scherzte spottete bestätigte "
        "versicherte rufte grüßte dachte meldete mahnte drängte tröstete zischte schalt"
    ),
    being=words(
        "war ist hatte hat wurde wird würde konnte kann mußte musste muß sollte soll wollte will durfte mochte "
        "möchte hätte wäre ließ ging kam stand saß lag sah nahm blieb trat schien wußte fand hielt"
    ),
    he=words("er ihm ihn"),
    she=words("sie"),
    also_they=words("sie"),
    inside=words("in nach"),
    toward=words("bei aus von zu über bis durch"),
    listing=words("und oder noch"),
    places=words(
        "deutschland preußen österreich bayern sachsen schwaben schlesien pommern schweiz frankreich england "
        "schottland irland italien spanien portugal holland belgien dänemark schweden norwegen rußland russland "
        "polen ungarn böhmen türkei griechenland europa asien afrika amerika indien china japan berlin wien münchen "
        "hamburg köln frankfurt leipzig dresden stuttgart bremen hannover königsberg danzig breslau prag potsdam "
        "zürich basel bern genf paris london rom venedig mailand florenz neapel madrid petersburg moskau warschau "
        "kopenhagen konstantinopel rhein donau elbe oder main spree"
    ),
    place_heads=words("straße strasse gasse platz schloß schloss insel see berg dorf stadt tal brücke hof kirche"),
    place_endings=("straße", "strasse", "gasse", "platz", "dorf", "kirche", "brücke", "ufer"),
    animals=words(
        "hund hündin katze kater pferd hengst stute fuchs wolf bär löwe vogel rabe hahn huhn ziege geiß kuh ochse "
        "esel affe schwan maus kaninchen papagei"
    ),
    never=words(
        "gott gottes herrgott heiland christus jesus teufel himmel januar februar märz april mai juni juli august "
        "september oktober november dezember montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag "
        "weihnachten ostern pfingsten silvester kapitel erstes zweites drittes band teil buch ende gutenberg deutsch "
        "deutsche deutschen franzosen engländer russen preußen italiener spanier juden christen türken papa mama "
        "vater mutter onkel tante bruder schwester majestät exzellenz euer eure durchlaucht hoheit gnaden hochwürden "
        "ihnen ihr ihre ihren ihrem ihrer sie du dich dir dein deine ja nein ach oh gnädige gnädigste gnädiger adieu "
        "hallo wohlan gottlob hurra amen fräulein frau herr herrn herren mamsell madame monsieur nachmittag mittag "
        "abend morgen nacht mitternacht tisch bett ordnung gedanken zukunft wirklichkeit gesellschaft seite wahrheit "
        "grunde front leben liebe glück unglück zeit kraft mut angst furcht freude schmerz geld recht unrecht platz "
        "hause haus weg schritt atem wasser feuer luft licht brot wein kaffee tee milch rom erde welt kopf hand "
        "hände auge augen herz stimme kinder kind leute leuten menschen mensch mann männer frauen mädchen knabe "
        "jungen junge dame damen tag tage tagen jahr jahre jahren stunde stunden minute minuten woche wochen monat "
        "monate uhr male mal art weise dinge ding sache sachen worte wort fragen frage antwort tränen blick blicke "
        "lachen lächeln schweigen besuch tür fenster zimmer garten wald berg feld schnee regen wind sonne mond "
        "sterne sommer winter herbst frühling schnell still leise laut zornig freundlich krieg frieden tod ehre "
        "schande schuld pflicht ruhe unruhe eile lust kunst musik natur schule kirche stadt dorf land hof familie "
        "eltern geschwister freund freunde freundin wirt wirtin diener mägde magd knecht knechte bauer bauern "
        "soldaten soldat offiziere studenten gäste gast nachbar nachbarn publikum tiere tier pferde"
    ),
    bland=words(
        "vater mutter mama papa kind knabe mädchen mann frau herr dame tante onkel bruder schwester alte alter alten "
        "kleine kleinen große andere anderen andern junge fremde fremden erste zweite letzte beiden kranke tochter "
        "sohn gatte gattin"
    ),
    cases=("ens", "ns", "en", "n", "s"),
    noun_endings=(
        "ung", "ungen", "heit", "heiten", "keit", "keiten", "schaft", "schaften", "nis", "nisse", "tum", "tät", "tion",
        "ismus", "erei", "ling", "linge", "haftig", "samkeit", "enden", "ender", "igkeit", "zeug", "werk", "stück",
    ),
)  # fmt: skip
