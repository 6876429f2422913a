"""French."""

from imaginized.providers.builtin.tongues.tongue import Tongue, words
from imaginized.story.foreign_titles import TITLES_OF

ARTICLES = words("le la les un une l")
DETERMINERS = ARTICLES | words(
    "du des au aux mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs ce cet cette ces quel quelle "
    "quels quelles aucun aucune chaque tout toute tous toutes plusieurs quelque quelques"
)
FRENCH = Tongue(
    code="fr",
    name="French",
    common=words("le la les de des et un une il elle que qui dans en est pas pour ne je se sur au plus du vous avait"),
    titles=TITLES_OF["fr"],
    function=DETERMINERS
    | words(
        "je tu il elle on nous vous ils elles me te se moi toi lui leur eux soi y en qui que quoi dont où et ou mais "
        "donc or ni car si comme quand lorsque lorsqu puisque puisqu parce pourquoi comment combien dans de d à par "
        "pour sur sous avec sans chez vers contre entre avant après depuis pendant dès devant derrière malgré selon "
        "jusque jusqu ne n pas plus moins très trop assez bien mal peu beaucoup encore déjà toujours jamais souvent "
        "alors ensuite puis enfin ainsi aussi cependant pourtant toutefois néanmoins peut peut-être sans oui non ah "
        "oh eh hé ô hélas bah allons voyons tiens tenez voilà voici ici là là-bas c ce cela ça ceci celui celle ceux "
        "celles même autre autres rien personne quelqu l s m t j qu un deux trois quatre cinq six dix maintenant "
        "aujourd hier demain bientôt tantôt autour près loin d'abord d'ailleurs quant afin tandis est était sont fut "
        "a avait ont êtes suis es sommes as ai est-ce y-a n'est dites dit allez venez écoutez regardez pauvre cher "
        "chère mes chers bon bonne bonjour bonsoir adieu merci pardon parbleu diable morbleu quelquefois parfois "
        "surtout seulement presque tant tellement tout-à-coup soudain aussitôt nul nulle certes soit vraiment faut "
        "fallait fit faire puisse"
    ),
    abbreviations=words("M MM Mme Mlle Mgr Dr St Ste Mmes Mlles Me"),
    particles=words("de du des d la le l von van di del"),
    elisions=words("l d qu j n s m t c jusqu lorsqu puisqu quoiqu quelqu presqu entr"),
    articles=ARTICLES,
    determiners=DETERMINERS,
    speech=words(
        "dit demanda répondit répliqua reprit s'écria écria murmura ajouta fit cria balbutia continua observa "
        "interrompit poursuivit soupira objecta exclama déclara répéta dis dit-il commença insista hasarda riposta "
        "pensa songea sourit ricana grommela gémit sanglota hurla affirma acheva raconta expliqua conclut soupirait "
        "disait répondait criait demandait reprenait répétait ajoutait murmurait répond demande reprend ajoute "
        "s'exclama bégaya grogna chuchota avoua supplia ordonna remarqua prononça articula"
    ),
    being=words(
        "est était fut sera serait a avait eut aura aurait va alla allait vint venait devait dut pouvait put voulait "
        "voulut savait sut semblait parut paraissait faisait se s ne n lui le la les y en prit mit vit voyait "
        "regarda regardait entra sortit resta tomba ouvrit sentit sentait donna rendit"
    ),
    he=words("il celui-ci"),
    she=words("elle celle-ci"),
    inside=words("dans en visiter quitter quitta habitait gagner gagna"),
    toward=words("à vers pour par jusqu sur"),
    listing=words("et ou ni"),
    places=words(
        "france angleterre écosse irlande allemagne prusse autriche italie espagne portugal suisse hollande belgique "
        "flandre flandres danemark suède norvège russie pologne turquie grèce europe asie afrique amérique inde "
        "indes chine japon égypte algérie normandie bretagne picardie champagne bourgogne gascogne béarn provence "
        "languedoc lorraine alsace savoie paris rouen lyon marseille bordeaux lille toulouse nantes amiens boulogne "
        "calais versailles orléans tours dijon strasbourg rochelle londres rome venise milan florence naples madrid "
        "berlin vienne genève bruxelles moscou seine loire rhône rhin garonne"
    ),
    plurals=(words("les des aux ces mes tes ses nos vos leurs deux trois quelques plusieurs certains"), ("s", "x")),
    place_heads=words(
        "station gare fort pagode temple fleuve baie cap détroit golfe plaine désert cité bourg quartier îles rue "
        "place boulevard avenue quai pont château hôtel auberge église cathédrale abbaye couvent port île mont "
        "montagne forêt bois rivière lac mer ville village faubourg porte palais tour jardin val vallée café route "
        "hôpital"
    ),
    animals=words("chien chienne chat chatte cheval jument âne lion loup renard ours singe perroquet levrette oiseau"),
    never=words(
        "dieu seigneur christ jésus vierge diable ciel providence janvier février mars avril mai juin juillet août "
        "septembre octobre novembre décembre lundi mardi mercredi jeudi vendredi samedi dimanche noël pâques "
        "pentecôte toussaint chapitre livre partie tome fin gutenberg français française françaises anglais anglaise "
        "anglaises allemand allemande allemands italien italienne espagnol espagnole espagnols romain romains grec "
        "grecs latin turc turcs parisien parisienne normand normande bretons majesté altesse éminence excellence "
        "grandeur honneur grâce seigneurie sainteté monseigneur messieurs monsieur madame mesdames mademoiselle "
        "mademoiselles mesdemoiselles messire "
        "sire état église république révolution empire nature amour mort fortune destin oui non ah oh eh hélas bravo "
        "amen nord sud est ouest midi moyen-âge académie bible évangile notre-dame saint-esprit te deum papa maman "
        "ma mon"
    ),
    bland=words(
        "père mère oncle tante frère sœur maman papa monsieur madame mademoiselle roi reine homme femme enfant"
    ),
)
