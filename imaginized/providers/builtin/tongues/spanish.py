"""Spanish."""

from imaginized.providers.builtin.tongues.tongue import Tongue, words
from imaginized.story.foreign_titles import TITLES_OF

ARTICLES = words("el la los las un una unos unas lo")
DETERMINERS = ARTICLES | words(
    "al del mi mis tu tus su sus nuestro nuestra nuestros nuestras vuestro vuestra este esta estos estas ese esa "
    "esos esas aquel aquella aquellos aquellas cada todo toda todos todas algún alguna algunos algunas ningún "
    "ninguna otro otra otros otras qué cuál cuánto cuánta muchos muchas pocos varios"
)
SPANISH = Tongue(
    code="es",
    name="Spanish",
    common=words("de la que el en y los se del las un por con no una su para es al lo como más le había pero sus"),
    titles=TITLES_OF["es"],
    function=DETERMINERS
    | words(
        "yo tú él ella ello usted ustedes nosotros vosotros ellos ellas me te se nos os le les mí ti sí conmigo "
        "contigo consigo que quien quién quienes cual cuales cuyo cuya y e o u ni pero mas sino porque pues si como "
        "cómo cuando cuándo donde dónde adonde aunque mientras en de a ante bajo con contra desde entre hacia hasta "
        "para por según sin sobre tras no sí ya más menos muy tan tanto tanta mucho mucha poco poca bien mal aún "
        "todavía siempre nunca jamás también tampoco luego entonces después antes ahora hoy ayer mañana aquí allí "
        "allá ahí acá así casi apenas solo sólo además sin embargo quizá quizás tal vez acaso verdad nada nadie "
        "alguien algo es era fue son eran está estaba hay había ha han he será sería soy eres vamos vaya vamos ven "
        "venga mire mira diga oiga oye buenos buenas bueno buena gracias adiós ay oh ah eh hola pobre querido "
        "querida dos tres cuatro cinco diez primero segundo tercero mismo misma uno una unos dijo esto eso aquello "
        "dios"
    ),
    abbreviations=words("D Dr Sr Sra Sres Srta Dña Da Vd Vds Ud Uds V VV Excmo Ilmo S"),
    particles=words("de del la las los di von"),
    articles=ARTICLES,
    determiners=DETERMINERS,
    speech=words(
        "dijo preguntó respondió contestó replicó exclamó añadió gritó murmuró repuso repitió observó indicó "
        "manifestó afirmó declaró prosiguió continuó interrumpió balbució balbuceó susurró suspiró pensó decía "
        "preguntaba respondía contestaba exclamaba repetía murmuraba gritaba dice pregunta responde contesta exclama "
        "añade replica explicó refunfuñó rugió objetó insistió advirtió ordenó suplicó rogó sollozó gruñó chilló "
        "pronunció articuló agregó interrogó aseguró confesó dijeron sonrió"
    ),
    being=words(
        "es era fue será sería ha había hubo habrá está estaba estuvo va iba puede podía pudo debe debía quiso "
        "quería sabía supo tenía tuvo hizo hacía dio daba vio veía se no le la lo les me nos ya parecía sintió miró "
        "entró salió volvió tomó quedó quedóse comprendió puso"
    ),
    he=words("él éste aquél"),
    she=words("ella ésta aquélla"),
    inside=words("en visitar dejar"),
    toward=words("a hacia desde hasta para por"),
    listing=words("y e o u ni"),
    places=words(
        "españa francia inglaterra alemania italia portugal rusia austria suiza bélgica holanda flandes turquía "
        "grecia europa asia áfrica américa india indias china japón méxico cuba habana perú chile argentina castilla "
        "aragón cataluña galicia asturias andalucía navarra valencia madrid barcelona sevilla granada córdoba cádiz "
        "toledo zaragoza málaga bilbao salamanca valladolid burgos león orense santiago coruña pontevedra parís "
        "londres roma lisboa berlín viena ebro tajo duero guadalquivir manzanares"
    ),
    plurals=(words("los las unos unas aquellos estos esos mis tus sus nuestros dos tres muchos"), ("s",)),
    place_heads=words(
        "calle plaza paseo puente iglesia catedral convento castillo palacio hotel posada venta puerto isla monte "
        "sierra río lago mar ciudad villa villa pueblo aldea valle puerta torre camino pazo pazos casino colegio"
    ),
    animals=words("perro perra gato gata caballo yegua mula burro asno león lobo zorro oso mono loro gallo perdiguera"),
    never=words(
        "dios señor cristo jesús jesucristo virgen diablo cielo providencia enero febrero marzo abril mayo junio "
        "julio agosto septiembre setiembre octubre noviembre diciembre lunes martes miércoles jueves viernes sábado "
        "domingo navidad pascua pascuas cuaresma capítulo parte libro tomo fin gutenberg español española españoles "
        "francés franceses inglés ingleses alemán alemanes italiano romano romanos griego moros gallego gallegos "
        "majestad alteza excelencia usía ilustrísima merced usted ustedes vd vds ud vuestra vuesa señor señora "
        "señores señoras señorita caballero caballeros estado iglesia naturaleza amor muerte fortuna destino "
        "gobierno sí no ay oh ah hola amén norte sur este oeste biblia evangelio academia quién qué madre padre "
        "santísima sacramento nuestra gaceta papa mamá papá ave purísima hombre mujer"
    ),
    bland=words("padre madre tío tía hermano hermana mamá papá señor señora señorita hombre mujer niño niña rey reina"),
)
