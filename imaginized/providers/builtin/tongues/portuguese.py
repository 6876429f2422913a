"""Portuguese, in today's spelling and in that of the nineteenth century."""

from imaginized.providers.builtin.tongues.tongue import Tongue, words
from imaginized.story.foreign_titles import TITLES_OF

ARTICLES = words("o a os as um uma uns umas")
DETERMINERS = ARTICLES | words(
    "ao aos à às á ás do da dos das no na nos nas pelo pela pelos pelas num numa dum duma meu minha meus minhas teu "
    "tua teus tuas seu sua seus suas nosso nossa nossos nossas vosso vossa este esta estes estas esse essa esses "
    "essas aquele aquela aquelle aquella aqueles aquelas aquelles aquellas deste desta desse dessa daquele daquela "
    "neste nesta nesse nessa cada todo toda todos todas algum alguma alguns algumas nenhum nenhuma outro outra "
    "outros outras que qual quanto muitos muitas"
)
PORTUGUESE = Tongue(
    code="pt",
    name="Portuguese",
    common=words("de que e o a não do da em um os se com uma as por para era ao no mas como mais na eu lhe é foi nem"),
    titles=TITLES_OF["pt"],
    function=DETERMINERS
    | words(
        "eu tu ele ela elle ella você vocês nós vós eles elas elles ellas me te se nos vos lhe lhes mim ti si comigo "
        "contigo consigo quem cujo cuja e ou nem mas porém porem porque pois se como quando onde aonde embora "
        "enquanto emquanto em de a ante até com contra desde entre para por perante sem sob sobre trás não sim já "
        "mais menos muito muita tão tanto tanta pouco pouca bem mal ainda sempre nunca também tambem logo então "
        "depois antes agora hoje ontem hontem amanhã aqui ali lá aí cá assim quase quasi apenas só sómente além "
        "talvez nada ninguém ninguem alguém alguem algo é era foi são eram está estava há havia tem tinha será seria "
        "sou és vamos venha olhe olha veja diga bom boa bons boas adeus ai oh ah eh ó pobre querido querida dois "
        "duas dous três tres quatro cinco dez primeiro segundo mesmo mesma isto isso aquilo aquillo tudo um uma d n "
        "s verdade enfim emfim fui fiz vi disse quis tive quero posso vou deus creio sei"
    ),
    abbreviations=words("D Dr Sr Sra Snr Snra Exmo Exma Ex V S Sto Sta Fr"),
    particles=words("de do da dos das d di von"),
    elisions=words("d n"),
    articles=ARTICLES,
    determiners=DETERMINERS,
    speech=words(
        "disse perguntou respondeu replicou exclamou acrescentou accrescentou gritou murmurou tornou atalhou bradou "
        "redarguiu repetiu observou continuou prosseguiu interrompeu balbuciou sussurrou suspirou pensou dizia "
        "perguntava respondia exclamava repetia murmurava gritava diz pergunta responde exclama replica explicou "
        "insistiu concluiu confessou contou ordenou suplicou soluçou declarou acudiu volveu retorquiu redargüiu "
        "sorriu disseram"
    ),
    being=words(
        "é era foi será seria há havia houve tem tinha teve está estava esteve vai ia foi pode podia pôde poude deve "
        "devia quis queria sabia soube fez fazia deu dava viu via se não lhe o a os me nos já parecia sentiu olhou "
        "entrou saiu sahiu voltou tomou ficou compreendeu pôs poz veiu veio"
    ),
    he=words("ele elle"),
    she=words("ela ella"),
    inside=words("em no na visitar deixar"),
    toward=words("a para desde até por ao à"),
    listing=words("e ou nem"),
    places=words(
        "portugal brasil brazil espanha frança inglaterra alemanha itália italia rússia áustria suíça bélgica "
        "holanda turquia grécia europa ásia áfrica américa índia india china japão angola moçambique algarve "
        "alentejo minho douro beira lisboa porto coimbra braga évora viseu lamego setúbal sintra cintra santarém "
        "faro leiria rio janeiro bahia pernambuco paulo minas recife petrópolis paris londres roma madrid berlim "
        "viena tejo mondego"
    ),
    plurals=(words("os as uns umas aos dos das nos nas estes esses seus meus"), ("s",)),
    place_heads=words(
        "rua praça largo travessa ponte igreja sé catedral convento castelo castello palácio palacio quinta hotel "
        "estalagem porto ilha monte serra rio lago mar cidade vila villa aldeia vale valle porta torre estrada "
        "seminário seminario colégio collegio passeio"
    ),
    animals=words("cão cadela gato gata cavalo cavallo égua mula burro leão lobo raposa urso macaco papagaio galo"),
    never=words(
        "ex exa deus senhor cristo christo jesus virgem diabo céu ceu providência providencia janeiro fevereiro "
        "março abril maio junho julho agosto setembro outubro novembro dezembro segunda-feira terça-feira "
        "quarta-feira quinta-feira sexta-feira sábado sabbado domingo natal páscoa paschoa quaresma capítulo "
        "capitulo parte livro tomo fim gutenberg português portuguez portugueses portuguezes brasileiro brasileiros "
        "francês franceses inglês inglez ingleses alemão espanhol romano romanos grego gregos majestade alteza "
        "excelência excellencia vossa vossas vosmecê você senhoria senhor senhora senhores senhoras menina "
        "cavalheiro estado igreja natureza amor morte fortuna destino governo sim não ai oh ah olá amém amen norte "
        "sul leste oeste bíblia biblia evangelho academia quem que mãe pai padre mamãe mamã papai papá ave "
        "santíssima santissima nossa"
    ),
    bland=words("pai mãe tio tia irmão irmã mamãe papai senhor senhora homem mulher menino menina rei rainha padre"),
    names_take_articles=True,
)
