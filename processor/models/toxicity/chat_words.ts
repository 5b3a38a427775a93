/**
 * Words that the training's examples of game chat are put together from.
 * @module
 */

const words = (text: string): string[] => text.trim().split(/\s*[|\n]\s*/).filter((word) => word !== "");

/** Fillers of the slots of the templates; `|` separates, and a filler may hold slots itself. */
export const slots: Readonly<Record<string, readonly string[]>> = {
  you: words(`
    you | u | u | you | ya | this guy | this {role} | he | our {role} | my {role} | our team | my team | they
    {hero} | {hero} | these guys
  `),
  ur: words(`
    ur | your | you're | u r | you are | u are | he is | hes | you're such a | youre | he's | they are | {role} is
    {hero} is | my team is | this team is
  `),
  your: words(`your | ur | you're | his | this`),
  role: words(`
    mid | top | bot | jungle | jungler | jg | supp | support | sup | adc | carry | offlane | offlaner | off
    safelane | pos 1 | pos 4
    | pos 5 | hard support | midlaner | toplaner | healer | tank | dps | captain | sniper | team | teammate
    teammates | guys | heavy | heavies | med | light | lights | td | tds | arty | arta | spg | scout | camper | platoon
    driver | shooter | flex | monk | mage | rogue | goalie | striker
  `),
  lane: words(`
    mid | top | bot | bottom | safe | off | offlane | jungle | river | rosh | roshan | dragon | baron | base | a
    b | long | site | point | hill | city | bush | ridge | cap | flank | east | west | north | south | river side | goal
  `),
  hero: words(`
    pudge | sf | invoker | pa | am | antimage | sniper | drow | lina | lion | cm | rubick | zeus | qop | ck | wk
    jugg | juggernaut | void |
    storm | ember | tiny | ursa | axe | lc | legion | tinker | meepo | riki | bh | slark | bb | dazzle
    witch doctor | wd | od | ta | viper | spectre |
    luna | sven | kunkka | earthshaker | es | magnus | dark seer | ds | techies | monkey king | mk | tusk | np
    furion | omni | yasuo | lux |
    zed | garen | teemo | ahri | jinx | lee sin | lee | vayne | thresh | blitz | ashe | darius | riven | ekko | jax
    yi | genji | hanzo | mercy |
    widow | reaper | jett | reyna | sage | huskar | ls | lifestealer | naix | timber | clock | phoenix | shaker
    weaver | nyx | brood | lycan |
    is7 | is3 | maus | e100 | tiger | t34 | kv2 | batchat | leopard | type 5 | obj | panther
    alch | sd | lich | jakiro | shaman | silencer | enigma | blood | bs | dp | necro | abaddon | undying | dirge
  `),
  item: words(`
    bkb | blink | dagger | hex | wards | ward | sentry | dust | smoke | tp | gem | aegis | mek | pipe | aghs
    shadow blade | salve | courier | mana | boots | gold | ult | flash | cd | lvl 6 | refresher | radiance
  `),
  game: words(`the game | game | dota | lol | league | this game | csgo | cs | ow | dota 2 | wow | fortnite`),
  easygame: words(`
    minecraft | fortnite | hello kitty | roblox | lol | league | candy crush | the sims | solitaire | bots
  `),
  adv: words(`
    so | such a | fucking | fking | fkn | fuckin | really | fcking | a | a | a | a fucking | one | total | complete
    absolute | big | the most | damn | another
  `),
  fing: words(`fucking | fuckin | fking | fkin | fkn | f | fcking | fuking`),
  fuck: words(`fuck | fuk | fck | fk | f | fuck | fuck`),
  insult: words(`
    noob | noob | noob | noobs | idiot | idiot | retard | retard | moron | trash | trash | garbage | dog | bot
    feeder | clown | loser | scrub | animal | bitch
    | pussy | cunt | faggot | fag | asshole | dumbass | monkey | pig | piece of shit | shit | dogshit | nigger
    nigga | dickhead | kid | imbecile | bastard |
    fucktard | motherfucker | whore | rat | cancer | autist | virgin | gay | homo | cocksucker | troll | griefer
    ape | donkey | son of a bitch |
    mother fucker | degenerate | shitter | nab | nub | newb | scum | crybaby | coward | sucker | fatass | braindead
    shithead | incel | donkey | tard | subhuman | parasite | brainlet | muppet | tomato | neanderthal | caveman | peasant
    bottom feeder | oxygen thief | sack of shit | piece of garbage | waste of air | smooth brain | lil shit | vermin |
    boosted animal | boosted monkey | waste of space | waste of oxygen | waste of sperm | mongoloid | failure
    disgrace | slut | cuck | dumbfuck |
    brainless idiot | stupid noob | trash can | account buyer | toxic shit | worthless shit | stupid kid | lowlife
    useless piece of shit | prick | twat | wanker | freak | creep
  `),
  insults: words(`
    noobs | idiots | retards | morons | trash | garbage | dogs | bots | feeders | clowns | losers | scrubs | animals
    bitches | pussies | cunts |
    faggots | fags | assholes | dumbasses | monkeys | pigs | shits | pieces of shit | niggers | niggas | dickheads
    kids | imbeciles | bastards | fucks | motherfuckers |
    whores | rats | apes | donkeys | braindeads | shitters | nabs | cowards | crybabies | virgins | tards
    braindead monkeys | sluts | peasants | subhumans | parasites | brainlets | tomatoes | muppets | cavemen | vermin
    bottom feeders | campers | pigs
  `),
  bad: words(`
    bad | trash | garbage | shit | noob | stupid | dumb | retarded | useless | braindead | brainless | pathetic
    terrible | awful | horrible | dogshit | ass |
    worthless | idiotic | disgusting | a joke | dog | cancer | autistic | ugly | fat | gay | blind | weak
    delusional | clueless | sick in the head | mentally ill |
    boosted | hardstuck | mental | dead weight | so bad | the worst | trash tier | shit tier
    low iq | 2k trash | 1k scrub | beyond help | hopeless
  `),
  foreign: words(`
    puta | puto | hijo de puta | hdp | mierda | pendejo | ctm | csm | ptm | conchatumare | maricon | cabron
    la concha de tu madre | hijo de perra | chinga tu madre | tu puta madre | gonorrea | malparido | mrd | huevon |
    vsf | fdp | vai tomar no cu | toma no cu | cala boca | cala a boca otario | filho da puta | caralho | porra | vai se fuder | arrombado | viado | lixo | tnc | vtnc | merda |
    suka | cyka | cyka blyat | suka blyat | blyat | pidor | pidoras | gandon | mudak | debil | dolboeb | ebat
    pizdec | nahui | idi nahui | poshel nahui | chmo | tvar | urod | eblan | пидор | сука | блять | дебил | мудак
    нахуй иди | еблан | долбоеб | мать твою |
    putangina | putangina mo | tangina | tang ina mo | gago | bobo | bobo ka | bobo mo | tanga | ulol | tarantado
    kupal | pota | potangina | pakyu | yawa | bubu | inutil |
    anjing | bangsat | kontol | memek | goblok | tolol | bego | babi | ngentot | jancok | monyet | asu | pukimak
    puki mak | cibai | bodoh | sial | lancau | pantek |
    amk | aq | amina koyim | orospu cocugu | orospu | oc | siktir | siktir git | pic | salak | gerizekali
    ananı sikim | sikerim | mal |
    kurwa | kurwa mac | jebany | spierdalaj | chuj | hurensohn | wichser | arschloch | schlampe | missgeburt | fotze
    spast | putain | fdp | connard | ntm | nique ta mere | encule | pd | batard |
    malaka | malakas | vittu | perkele | saatana | cnm | nmsl | sb | caonima | wocao | picka | jebem ti | mater
    kurac | pizda | pula mea | muie | cazzo | stronzo | vaffanculo |
    kos omak | kosomak | sharmuta | khara | madarchod | bhenchod | mc | bc | chutiya | gandu | bsdk | randi | vcl
    dcm | dmm | clgt
  `),
  nation: words(`
    russian | russians | peruvian | peruvians | peru | pinoy | filipino | indian | indians | chinese | turk | turks
    turkish | brazilian | br | brazilians | huehue | korean |
    american | americans | polish | french | german | arab | arabs | jew | jews | black | mexican | mexicans | indo
    malaysian | sea | gypsy | romanian | serbian | ukrainian | pakistani | muslim | latino
  `),
  harm: words(`
    kys | kys | kill yourself | kill urself | kill ur self | kill your self | go kill yourself | hang yourself
    neck yourself | go die | just die | go die irl | die in a fire | drink bleach | jump off a bridge |
    jump off a building | slit your wrists | cut yourself | end your life | end yourself | rope yourself
    go hang urself | commit suicide | an hero | shoot yourself | choke and die | eat glass |
    get cancer | get aids | get raped | hope you get cancer | hope u die | i hope you die | hope your mom dies
    hope your family dies | die irl | go suicide | off yourself | drown yourself | burn in hell | rot in hell
  `),
  tail: words(`
    lol | lmao | xd | xD | haha | pls | rofl | ffs | wtf | ... | !! | ? | ?? | man | bro | dude | guys | kid | tbh
    omg | jesus | :) | ty | again | rly | fr | and go | ggwp | gg
  `),
  mmr: words(`
    2k | 1k | 3k | 4k | 500 mmr | 2k mmr | 1k mmr | bronze | silver | iron | herald | crusader | low mmr
    normal skill | plat | gold
  `),
  mom: words(`mom | mother | mum | mama | sister | family | dad | wife | gf | moms | whole family | grandma`),
  num: words(`1 | 2 | 3 | 4 | 5 | 10 | 15 | 20 | 30 | 0 | 6 | 12 | 25`),
  good: words(`
    nice | good | great | gj | wp | well played | awesome | beautiful | amazing | insane | sick | clean | perfect
    solid | clutch
  `),
  thing: words(`
    kill | one | ult | play | save | hook | stun | combo | gank | ward | shot | try | flash | game | fight
    teamfight | def | push | rotation | shackle | arrow | roam | call | steal | clutch | farm
  `),
  ping: words(`
    lag | lagging | lags | ping | 200 ping | fps drop | dc | disconnect | my internet | packet loss | server lag
    my mouse | my pc | my headset | delay
  `),
  yes: words(`
    yes | yea | ye | yeah | ok | k | sure | no | nah | nope | maybe | idk | np | alright | kk | y | n | mb | true
    exactly | ofc
  `),
  who: words(`
    i | i | you | you | u | we | we | they | he | she | he | someone | everyone | nobody | my friend | the enemy
    our team | the other team | people | {hero} | {hero} | {role}
  `),
  can: words(`
    can | should | could | will | would | have to | need to | want to | dont | didnt | cant | wont | shouldnt
    just | really | never | always | already | still | almost | should have | could have | tried to | going to
    gonna | might | may | must
  `),
  act: words(`
    go | went | gone | play | played | pick | picked | buy | bought | push | farm | fight | win | lose | lost | die
    died | kill | killed | help | helped | see | saw | look | wait | stay | leave | left | come | know | think |
    say | said | get | got | take | took | give | gave | use | used | hit | miss | missed | try | tried | start
    started | stop | stopped | carry | make | made | need | want | like | love | watch | remember | forget | build
    change | do | did it | do that | be there | have it | find | ask | tell | believe | understand | hear | join
    wake up | go home | eat | sleep | stream | jump | run | hide | shoot | attack | defend | respawn | buy back
    dive | chase
  `),
  obj: words(`
    it | that | this | them | him | her | me | us | you | there | here | mid | top | bot | {lane} | {hero} | {item}
    the {item} | a {item} | the {thing} | the tower | the lane | the wave | the creeps | the boss | the dragon
    a new one | another one | more | something | anything | everything |
    the other one | the game | this game | this map | next game | the next round | one more time | first | again
    later | now | soon | too early | too late | at {num} | in {num} min | for me | with us | with me | alone
    together | last game | yesterday | today | all day | for {num} games | on my stream | in the forest
    behind the tower | from behind | like that | at night | for real | to be honest | so much | a lot | a bit
    if you want | if we can | because of the {item} | before the fight | after the fight
  `),
  ask: words(`
    why | why | what | when | where | how | who | which | did | do | can | could | should | are | is | was | will
  `),
  is: words(`is | was | are | were | looks | seems | feels | isnt | wasnt | will be | must be | might be`),
  neutral: words(`
    good | fine | ok | strong | fast | slow | cool | hard | new | old | long | short | big | small | late | early
    ready | close | far | free | full | fun | nice | weird | different | important | possible | impossible | dead
    alive | low | afk | offline | online | visible | invisible | behind you | in the bush | at the tower | in base
    on fire | here | there | gone | back | done | over | first | last | next | right | wrong | true | sad | happy
    tired | hungry | scary | crazy | insane | funny | cute | broken | op | balanced | expensive | cheap | rare
    beautiful | amazing | interesting | boring | quiet | loud | blue | red | black | white | green | dark
  `),
  noun: words(`
    game | team | enemy | support | map | hero | item | build | skin | song | stream | video | server | match
    round | fight | push | plan | lane | tower | camp | boss | level | skill | cooldown | mana | damage | armor
    music | chat | name | rank | patch | update | tournament | final | player | coach | friend | dog | cat | monkey
    pig | cow | rat | animal | beast | trash can | garbage truck | house | car | food | pizza | coffee | water
    school | work | job | phone | keyboard | mouse | monitor | internet | country | city | weather | mother | father
    brother | sister | girl | boy | woman | man | kid | doctor | teacher | people | weekend | vacation | movie
    book
  `),
  group: words(`
    black people | gay people | muslims | jews | women | asian people | immigrants | trans people | christians
    lesbians | mexicans | the {nation} | {nation} people | {nation} players | old people | disabled people
  `),
  polite: words(`
    hola | buenas | que tal | gracias | de nada | buena | bien | bien jugado | vamos | dale | espera | ayuda
    cuidado | perdon | lo siento | si | no se | jaja | jajaja | a ver | vale | listo | donde | por que | porque
    no hay mana | falta uno | ya voy | estoy muerto | voy | van todos | juntos | amigo | hermano | suerte | adios
    buenas noches | feliz | todos | defiende | ataca | arriba | abajo | medio | aqui |
    oi | ola | bom dia | boa noite | boa | valeu | obrigado | obg | vlw | tmj | kkk | kkkkk | rs | rsrs | bora
    vamo | espera ai | calma | desculpa | foi mal | ajuda | cuidado | eu vou | to indo | sim | nao | por favor | pfv
    jogou muito | tudo bem | blz | beleza | partiu |
    privet | poka | spasibo | pozhaluista | davai | davai mid | krasava | krasavchik | horosho | ok go | idem
    poshli | pomogi | stop | podozhdi | zhdi | net many | da | net | ya idu | izvini | sorry bro | molodec | ura
    ponyal | gde | kto | privet vsem | udachi | привет | спасибо | давай | да | нет | хорошо | красава | пошли
    помоги | где | ку | всем привет | удачи | норм | ага | лол |
    salamat | sige | tara | tara na | oo | hindi | hindi ako | wala | wala mana | saan | bakit | ano | ako | ikaw
    kaya | kaya natin | ayos | galing | pre | tol | lods | idol | sayang | teka | hintay | dito | naman | lang | po
    opo | magandang gabi |
    terima kasih | makasih | tolong | sabar | tunggu | ayo | gas | gaskeun | mantap | mantul | santai | iya | tidak
    gak | nggak | bisa | ke mid | bantu | maaf | siapa | kenapa | dimana | abang | bro ke sini | boleh | jangan
    sudah | belum | saya | kita | nanti | selamat pagi | wkwk | wkwkwk | haha iya |
    merhaba | selam | tesekkurler | saol | evet | hayir | tamam | gel | gelin | bekle | yardim | kardes | kanka
    iyi | iyi oyunlar | nasilsin | nerede | var | yok | hadi | dikkat | guzel | helal | abi |
    salut | bonjour | merci | de rien | oui | non | allez | attends | aide | bien joue | desole | pardon | on y va
    attention | ca va | danke | bitte | hallo | ja | nein | warte | hilfe | gut gemacht | schade | los | tschuss
    guten abend | ciao | grazie | prego | bravo | andiamo | aspetta | aiuto | scusa | dziekuje | dzieki | czesc
    tak | nie | dobra | chodz | pomoc | czekaj | sorki | super | xie xie | ni hao | jia you | 666 | 加油 | 谢谢 | 你好
    ありがとう | おはよう | すごい | 안녕 | ㅋㅋㅋ | ㅎㅎ | ㄱㄱ | jajaja xd | hej | tack | kiitos | moi | takk | efharisto | kalimera
    xaxa | xaxaxa | ahaha | namaste | bhai | chalo | accha | shukriya | shukran | yalla | habibi | inshallah
  `),
  swear: words(`
    holy shit | holy fuck | oh shit | oh fuck | fuck yeah | fuck yes | hell yeah | damn | god damn | shit | fuck
    omg fuck | jesus fuck | ah shit | oh my fucking god | holy fucking shit
  `),
};
