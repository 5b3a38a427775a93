/**
 * How people talk, and abuse each other, in the chat of a game: templates, each group with the probability that a reader
 * calls its messages toxic. All are our own.
 * @module
 */

/** A group of templates. */
export interface TemplateGroup {
  /** What kind of talk it is; metrics are reported by it. */
  readonly name: string;
  /** Probability that a reader calls a message of it toxic. */
  readonly target: number;
  /** Messages that are made of it. */
  readonly count: number;
  /** How much a message of it counts; 1 by default. Talk that tweets would teach wrongly counts more. */
  readonly weight: number;
  /** The templates; `{slot}` is filled from the words. */
  readonly templates: readonly string[];
}

const lines = (text: string): string[] => text.trim().split(/\s*\n\s*|\s+\|\s+/).filter((line) => line !== "");

/** Makes a group; its templates stand between line breaks or bars. */
export const group = (name: string, [target, count, weight = 1]: readonly number[], text: string): TemplateGroup => ({
  name,
  target: target!,
  count: count!,
  weight,
  templates: lines(text),
});

/** The groups of toxic talk. */
export const toxicGroups: readonly TemplateGroup[] = [
  group(
    "insult",
    [0.95, 4_200, 1.2],
    `
    {insult} | {insult} | {insults} | {adv} {insult} | {fing} {insult} | {fing} {insults} | {ur} {bad}
    {ur} {adv} {bad} | {ur} {insult} | {ur} a {insult} | {ur} {adv} {insult}
    {you} {insult} | {you} {fing} {insult} | {insult} {role} | {role} {insult} | {hero} {insult} | {insult} {hero}
    {fing} {insult} {hero} | {bad} {role} | {bad} {hero} | {hero} {bad} | {hero} so {bad}
    {bad} team | {adv} {bad} team | {insult} team | team {insults} | my team {insults} | {insults} team
    what a {insult} | what {adv} {insult} | such {insult} | {insult} {tail} | {ur} {bad} {tail}
    {you} play like {insult} | play like {insult} | playing with {insults} | stuck with {insults}
    why do i get {insults} | always {insults} in my team | {num} {insults} in my team | my team is full of {insults}
    {you} suck | u suck | you suck {role} | {hero} u suck | {role} sucks | {you} {fing} suck | you all suck
    suck at {game} | {ur} the worst {role} | worst {role} | worst {hero} | worst {hero} ever
    worst {role} ever {tail}
    worst team ever | the worst {hero} i have seen | most {bad} {role} ive seen | {mmr} {insult} | {mmr} {insults}
    {mmr} trash | go back to {mmr} {insult} | dumb {insult} | stupid {insult} | stupid {role} | stupid {hero}
    stupid fucking {hero}
    {insult} {insult} | {insult} {insult} {tail} | {your} a {insult} | u r {insult} | u r {bad} | are you {bad}
    are u {bad} or what | are u {insult} ? | r u retarded | is this {role} {bad} ? | how are {you} so {bad}
    how can {you} be so {bad}
    how can u be this {bad} | how {bad} can u be | so {bad} {role} | so fucking {bad} | so {bad} {hero}
    ur so {bad} | hes so {bad} | he so {bad} | this {hero} is so {bad} | this {role} is {adv} {insult}
    lol {insult} | lol {insults} | haha {insult} | omg {insult} | omg {insults}
    omg this {insult} | wtf {insult} | wtf {insults} | wtf is this {insult} doing | wtf is this {insult}
    wtf are u doing {insult} | what are you doing {insult} | what a {bad} team | what a {bad} {role} | nice {insult}
    nice job {insult} | nice feed {insult}
    nice {role} {insult} | gj {insult} | gg {insults} | gg {insult} | gg {insult} {role} | gg {insult} team
    ggwp {insults} | ez {insults} | ez {insult} | ez mid {insult} | ez game {insults} | easy {insults}
    bye {insult} | bye {insults} | cry {insult} | cry more {insult}
    stfu {insult} | shut up {insult} | shut the fuck up {insult} | quiet {insult} | stop talking {insult}
    mute this {insult} | muted {insult} | report {insult} | report this {insult} | report {hero} {insult}
    report {role} {fing} {insult} | report this {fing} {insult}
    reported {insult} | report {insult} {role} | pls report this {insult} | can we report this {insult}
    thanks for the feed {insult} | thx for feed {insult} | ty {insult} | l2p {insult} | learn to play {insult}
    learn to {game} {insult} | learn to play {adv} {insult}
    uninstall {insult} | delete {game} {insult} | go play {easygame} {insult} | go cry {insult} | go home {insult}
    go afk {insult} | afk {insult} | come {insult} | come here {insult} | come mid {insult} | 1v1 me {insult}
    fight me {insult} | dont run {insult} | where are u {insult}
    no skill {insult} | zero skill {insult} | no brain {insult} | u have no brain | {you} have no brain
    no brain {role} | brainless {role} | 0 brain | zero brain | 0 iq {role} | 0 iq | {num} iq | {num} iq team
    {num} iq {hero} | low iq {insult} | {insult} with {num} iq | braincells 0
    use your brain {insult} | open your eyes {insult} | are you blind {insult} | {insult} cant even play
    {insult} cant play {hero} | {hero} is {adv} {insult} | {hero} {fing} {bad} | {hero} is {bad} | {role} is {bad}
    {role} is {adv} {bad} | {role} is trash | our {role} is {bad} | our {role} is a {insult}
    my {role} is {bad} | my {role} is {insult} | my {role} {insult} | my team is {bad} | my team {bad}
    this team is {bad} | this team {bad} | team is {bad} | such a {bad} team | all {insults}
    all of you are {insults} | you are all {insults} | you guys are {bad} | u guys are {insults}
    they are {insults}
    i hate this {insult} | i hate you {insult} | i hate playing with {insults} | never play with {insults}
    never play again {insult} | dont ever play {hero} again | never pick {hero} again {insult} | {insult} pick
    {bad} pick {insult} | {bad} draft {insults} | noob team | noob {role} | noob {hero} | {hero} noob | noob af
    fking noob | fucking noobs | {role} noob | {role} so noob | so noob | too noob | very noob | noob pls | pls noob
    noobs everywhere | big noob | super noob | so noob team | noob like {hero} | ez noob | lol noob
    trash talk from {insult} | trash {role} | trash {hero} | trash player | garbage player
    {bad} player | {insult} player | bad players | {insult} kid | kid {insult} | little {insult} | u little {insult}
    you little {insult} | little bitch | crying {insult} | mad {insult} | {insult} mad | mad cuz bad
    you mad {insult} | mad because {bad} | feeding {insult} | feed more {insult} | keep feeding {insult}
    stop feeding {insult}
    stop feed {insult} | {hero} feeding {insult} | feeder {role} | {role} feeder | feeder {hero} | {hero} feeder
    flaming {insult} | toxic {insult} | racist {insult} | {nation} {insult} | {insult} {nation}
  `,
  ),
  group(
    "profane",
    [0.95, 1_900, 1.5],
    `
    {fuck} you | {fuck} u | {fuck} off | {fuck} ya | fuk u | fku | fu | f u | {fuck} you {role} | {fuck} u {role}
    {fuck} you {hero} | {fuck} u {hero} | {fuck} you all | {fuck} u all | {fuck} all of you | {fuck} this {role}
    {fuck} this {hero} | {fuck} this team | {fuck} my team | {fuck} your {mom}
    {fuck} ur {mom} | {fuck} you {insult} | {fuck} u {insult} | {fuck} off {insult} | {fuck} off {role}
    {fuck} {hero} | {fuck} {role} | {fuck} {nation} | go {fuck} yourself | go {fuck} urself | go fuck your {mom}
    get fucked | get fucked {insult} | get {fuck}ed {role} | gtfo | gtfo {insult} | gtfo of {game}
    go fk urself | just {fuck} off | stfu | stfu {role} | stfu {hero} | stfu already | shut the fuck up
    shut the {fuck} up | shut up | shut up {role} | shut up {hero} | shut up pls noob | shut your mouth
    shut ur mouth | shut ur {fing} mouth | shut your {fing} mouth {insult} | close your mouth | stfu and play
    stfu n play | shut up and play {insult}
    fucking {role} | fucking {hero} | {fing} {role} | {fing} {hero} {tail} | fucking team | fucking {nation}
    {fing} {nation} | suck my dick | suck my {fing} dick | suck dick | suck a dick | suck it {insult} | suck my cock
    suck cock | sucker | eat shit | eat shit {insult} | eat my ass | eat a dick | lick my balls | suck my balls
    kiss my ass
    piece of shit | {ur} a piece of shit | {adv} piece of shit | pos | shit {role} | shit {hero} | shit team
    shitty {role} | shitty team | shitty {hero} | shit player | bullshit {role} | {role} is shit | {hero} is shit
    {ur} shit | u are shit | you shit | its all {role} fault fuck | wtf is this {bad} {role} | wtf this {role}
    wtf is this team
    what the fuck are you doing {role} | what the fuck are u doing {insult} | what the fuck is {hero} doing
    wtf is {hero} doing | wtf {hero} | wtf {role} | wtf are you doing {hero} | why the fuck are you {role}
    why the fuck would you do that | why the fuck u mid | who the fuck picks {hero} | who the fuck are you
    who tf asked {insult} | nobody fucking asked
    dont fucking talk | dont fucking touch my {item} | stop fucking feeding | stop fucking dying | fucking stop
    fucking go {lane} | can you fucking help | fucking help me | just fucking end | just end fucking game
    do something fucking {role} | son of a bitch | bitch | bitches | bitch {role} | {role} bitch | you bitch
    u bitch | bitch please | bitch ass {role} | pussy {role} | you pussy | cunt | u cunt | {adv} cunt
    your {mom} | ur {mom} | ur {mom} gay | your {mom} is a {insult} | your {mom} is fat | ur {mom} {insult}
    i fucked your {mom} | i fuck your {mom} | fk ur {mom} | your {mom} should have swallowed you | ur {mom} a hoe
    said your {mom} | yo mama | i did your {mom} | who raised you | your dad left you | dick | dickhead | dicks
    asshole | assholes | ass {role} | dumbass {role} | dumb fuck
    wtf is wrong with you | wtf is wrong with {role} | what is wrong with your brain | fucking shit team
    fck | damn {insult} | hate {role} fuck | i fucking hate {you} | i hate you | hate u {role} | hate you all
    fuck this shit team | fuck these {insults} | fuck these people | fuck you and your {mom} | fuck your {game}
    fuck {game} players
  `,
  ),
  group(
    "harm",
    [0.97, 850],
    `
    {harm} | {harm} | {harm} {role} | {harm} {insult} | {harm} {hero} | {harm} pls | please {harm} | {harm} {tail}
    just {harm} | {you} should {harm} | u should {harm} | why dont you {harm} | pls {harm} {insult} | {fing} {harm}
    go {harm} noob | someone kill this {insult} | i will find you and kill you | i will find where you live
    i will come to your house
    i will rape you | i raped you | i will rape your {mom} | get raped | got raped | raped | rape you | ez rape
    hope you die | hope u die {insult} | i hope you die irl | hope your {mom} dies | i hope your {mom} dies
    i hope {you} get cancer | hope u get aids | your {mom} should die | die {insult} | die {fing} {insult}
    die in hell {insult} | no one would miss you | nobody likes you | nobody loves you
    the world is better without you | your parents should have aborted you | should have been aborted
    your life is worthless | you have no life | get a life | get a life {insult} | no life {insult} | no life
    go get a life | go outside {insult} | touch grass {insult} | kill yourself {nation} | all {nation} should die
    nuke {nation} | gas the {nation} | {nation} should be killed
  `,
  ),
  group(
    "identity_attack",
    [0.96, 1_000],
    `
    fucking {nation} | {fing} {nation} | {nation} {insults} | {nation} {insult} | stupid {nation}
    stupid {nation} {tail} | {nation} trash | trash {nation} | dirty {nation} | filthy {nation} | {nation} dog
    {nation} dogs | {nation} pig | {nation} pigs | {nation} monkey | {nation} monkeys | {nation} animals
    {nation} noob | noob {nation} | {nation} cancer | {nation} are cancer
    {nation} are {bad} | {nation} are all {insults} | i hate {nation} | hate {nation} | i hate {fing} {nation}
    hate playing with {nation} | all {nation} are {insults} | all {nation} {bad} | go back to {nation}
    go back to your country | go back to your shithole | ban all {nation} | ban {nation} from this server
    block {nation} | ip ban {nation} | get out {nation} | {nation} out | gtfo {nation} | go home {nation}
    {nation} scum | third world {insult} | third world country | third world shithole
    third world internet {insult} | 3rd world {insult} | {nation} rats | dumb {nation} | {nation} retard
    retarded {nation} | poor {nation} | play on your own server {nation} | learn english {insult}
    speak english {insult} | speak english {nation} {insult} | nigger | nigger | niggers | nigga | niggas {role}
    u nigger | {fing} nigger | {nation} nigger
    faggot | fag | faggots | u fag | {fing} faggot | {role} faggot | ur gay | u gay | you are gay | so gay
    gay {role} | gay {hero} | gay team | {role} is gay | gay ass {role} | {hero} is gay | gayyy | women cant play
    girl gamer {insult} | go back to the kitchen | make me a sandwich | {role} must be a girl | plays like a girl
    tranny | you tranny | retard | retarded | retards | {fing} retard | retard {role} | {role} retard
    retarded {role} | u retard | are u retarded | retarded team | autistic {role} | down syndrome {role} | downie
    {role} has downs | special needs {role} | you people are {insults} | jew {insult} | kike | chink | spic
    sand nigger | monkey
  `,
  ),
  group(
    "other_language",
    [0.93, 1_300],
    `
    {foreign} | {foreign} | {foreign} | {foreign} {foreign} | {foreign} {role} | {foreign} {hero} | {hero} {foreign}
    {role} {foreign} | {foreign} {insult} | {foreign} {tail} | {foreign} team | {fing} {foreign}
    {foreign} {nation} | noob {foreign} | report {foreign} | {foreign} report | {foreign} {foreign} {foreign}
    gg {foreign} | ez {foreign} | {ur} {foreign} | {your} {mom} {foreign} | {foreign} noob
    este {hero} {foreign} | que {foreign} | que malo eres | que malos | manco | mancos | manco de mierda
    {hero} manco | eres malo | aprende a jugar | team de mierda | equipo de mierda | puro manco | noob de mierda
    estas {foreign} | jogador lixo | time lixo | time de lixo | seu lixo | seu merda | burro pra caralho
    nao sabe jogar | se mata | aprende a jogar lixo | noob do caralho | {hero} lixo
    ti {foreign} | ty {foreign} | nu ti {foreign} | idi {foreign} | daun | dauny | rak | raki | rakal | krivoy
    krivie | musor | nub | nub ebaniy | mamky ebal | mamku tvoyu ebal | ya tvoy mamky ebal | tvoya mat | sosi
    sosi {foreign} | otsosi | solo chmo | sdohni | umri | даун | рак | раки | соси | сдохни | мамку твою | нуб
    bobo mo {hero} | ang bobo mo | bobo {role} | bobo kayo | tanga ka | ang tanga | bano | bano ka | noob kayo
    weak kayo | laki ng {foreign} | {foreign} ka | {foreign} mo | ikaw {foreign} | bodoh {role} | {foreign} lu
    dasar {foreign} | noob lu | mati aja | bacot | bct | bacod | tolol {role} | sampah | team sampah | lu {foreign}
    senin {foreign} | sen {foreign} | {foreign} cocugu | oyna {foreign} | mal misin | ezik | ezik team | bebe
    bebeler | cop team | kopek | du {foreign} | dummer {foreign} | halt die fresse | halts maul | fresse | ta gueule
    ferme ta gueule | tg | sale {foreign} | fils de pute | gros con | debile
  `,
  ),
  group(
    "taunt",
    [0.8, 1_000],
    `
    uninstall | uninstall pls | uninstall {game} | just uninstall | please uninstall | delete {game}
    delete the game | delete game | delete your account | delete ur acc | delete account | quit {game}
    quit the game pls | never play {hero} again | never play {role} again | never queue again | stop playing {game}
    stop playing {hero} | go play {easygame} | back to {easygame} | try {easygame} next time
    this game is not for you | change game | change hobby
    get good | git gud | get gud | get good kid | cry more | cry | cry baby | go cry | go cry to mommy
    cry to your {mom} | tears | get rekt | rekt | get rekt {role} | get owned | get destroyed | get shit on
    shit on | shitted on | you got shit on | ez for me | too ez for {insults} | {mmr} player | {mmr} {role}
    {mmr} players | go back to {mmr} | you belong in {mmr} | how are you {mmr} | how did you get to this rank
    boosted | boosted {role} | {hero} boosted | account buyer | bought account | bought acc | boosted account
    who boosted you | eloboosted
    {hero} is a joke | {role} is a joke | {ur} a joke | what a joke | {ur} a disgrace | you are nothing
    you're nothing | u are nothing | you are so easy | so easy {role} | no skill | no skill {hero} | zero skill
    no hands | no hands {role} | skill issue {role} | play with monitor on | turn on your monitor | monitor off ?
    are you playing with your feet | playing with feet? | using a trackpad ? | are you blind | r u blind
    are u blind ? | are you drunk | are you afk ? | are you high | are u even trying | do you have eyes
    do you even know how to play | do u even play this game | first time {hero} ? | first time {role}?
    first game ? | is this your first game | learn to play | l2p | learn to play {hero} | l2p {hero} | l2p {role}
    learn your hero | learn {game} | read your skills | watch a guide | useless | useless {role} | useless {hero}
    uselles {role} | {hero} useless | {role} useless | {hero} is useless | so useless | useless team | {ur} useless
    carried | carried {role} | you got carried | carried by {hero} | lucky {insult} | feeder | feeders | feeder team
    {hero} feeder report | {role} feeding again | keep feeding | feed more | thanks for feeding | thx for free mmr
    free mmr | free win | free elo | thanks for the elo | bots | bot | {hero} is a bot | {role} bot level
    playing with bots | better with a bot | bots are better
    kid | kids | kiddo | stupid kids | school kids | go to school kid | how old are you 12 | are you 12
    are you {num} years old | ur {mom} calling | go do your homework | daddy | who is your daddy | call me daddy
    im your father | sit down | sit | sit kid | sit down {insult} | stay down | know your place | outplayed {insult}
    trash | garbage | dog | dogs | animal | animals | clown | clowns | 🤡 | 🤡🤡 | loser | losers | pathetic | coward
    cowards | scrub | scrubs
  `,
  ),
];

/** Talk that some readers call toxic and others do not. */
export const unclearGroups: readonly TemplateGroup[] = [
  group(
    "gloat",
    [0.55, 800],
    `
    ez | ez | ezz | ezzz | ez game | ez mid | ez lane | ez win | ez pz | ezpz | easy | easy game | easy mid
    easy lane | ggez | gg ez | gg easy | ez gg | so ez | so easy | too easy | too ez | ez katka | izi | izi game
    izi mid | ez clap | ez top | ez bot | ez 1v1 | ez kill | ez peasy | ez for us | ez mmr | +25 | ez +25
    thanks for 25 | sleep | diff | {role} diff | {role} gap | mid diff | jg diff | jungle diff | top diff | adc diff
    supp diff | gap | team diff | owned | destroyed | outplayed | outclassed | ? | noob question
  `,
  ),
  group(
    "report_call",
    [0.27, 600, 1.5],
    `
    report {hero} | report {role} | report {hero} pls | report {role} pls | report pls | pls report {hero}
    report {hero} {tail} | reported | reported {hero} | report my {role} | report {hero} for feeding
    report for feeding | report {role} for feed | rep {hero} | everyone report {hero} | enemy pls report {hero}
    can you report {hero} | report pls {hero} | report {hero} pls griefing | report pls griefing | report {hero} afk | report {role} afk pls | rep {role}
    rep {hero} pls | report {hero} {record} | reporten {hero} | reporten {role} | reporten a {hero} pls | reporta {hero}
    reportem {role} | reporta o {role} pf | report nyo {hero} | report plz {hero} ruins | {hero} report him all | all report {hero}
    report this {role} pls | report our {role} | report our {hero} ty | enemies report our {role} | report me i dont care
    pls report our {role} he feeds | dont report me | why report me | who report | report for abandon | report abuse
  `,
  ),
  group(
    "blame",
    [0.45, 900, 1.5],
    `
    {hero} feeding | {role} feeding | {hero} feed | {role} feed | stop feeding
    stop feed {role} | dont feed {role} | {hero} keeps feeding | {role} keep dying | {hero} throwing | stop throwing
    {role} throw | throw game | you threw the game | {hero} lost us the game | lost because of {hero}
    lost because of {role} | lose because {role} | {hero} fault | {role} fault | blame {hero} | blame {role}
    why is {hero} so bad | {hero} is bad | bad {role} | bad {hero} | bad team | so bad | too bad {role} | how bad
    ur bad | u bad | {role} no ward again | {role} never help | {role} never gank | no gank from {role}
    where is our {role} ? useless | {hero} never tp | {hero} doesnt do anything | {hero} does nothing
    {role} doing nothing | what is {hero} doing | what are you doing {role} | what is he doing | omg {role}
    omg {hero} | omg team | omg this {role} | omg this team | this {role} lol | this {hero} lol | this team lol
    my team lol | lol this team | lol {role} | this team ... | nice team | great team lol | gj team lol
    nice {role} lol | well played {role} lol | {hero} afk farming all game | {hero} only farm | {role} only farm
    {hero} steal farm | {hero} ks | stop ks | ks {hero} | {hero} griefing | {hero} inting | {hero} trolling
    troll {hero} | {role} troll | solo loses | 4v6 | 4v5 cuz of {hero} | gg {role} | gg report {hero}
    gg {hero} feeder | end pls team lost | i give up with this team | cant carry this team | cant win with this team
    impossible with this team | my team | -25
  `,
  ),
  group(
    "swearing",
    [0.33, 700, 1.2],
    `
    wtf | wtf | wtf ? | wtff | wtf man | wtf is this | wtf was that | what the fuck | what the fuck was that | wth
    ffs | for fucks sake | ffs man | ffs team | shit | shit man | oh shit | aww shit | fuck me | fuck my life | fml
    fuck this | fuck this game | fuck that | fuck it | fuckin {ping} | fucking {ping} | {fing} {ping} | fuck {ping}
    fucking game | shit game | this game is shit | shit {ping} | {ping} wtf | shitty internet | fucking internet
    fucking keyboard | fucking dc | bullshit | bs | thats bullshit | what bullshit | this is bs | fucking creeps
    fucking bug | fuck volvo | fuck valve | fuck rito | damn it fuck | ah fuck | oh fuck | fuck sorry | i fucked up
    i fucked it up | fuck i missed | fuck no mana | fuck my ult | fuck im dead | shit no mana | shit my ult
    i messed up | my fucking ult | no fucking way | crap | god damn it | goddamn | ass | im so fucking bad | im bad
    im trash today | im a noob | im noob sry | sry im noob | i suck | i suck today | i suck at this hero | mute all
    muted | mute {hero} | mute {role} | i muted all | hell no | what the hell | damn u | damn you {hero}
    dont be stupid | dont be toxic | stop being toxic | toxic | so toxic | toxic team | calm down kid | chill kid
    relax kid | who asked | cringe | weak | so weak | u mad | u mad ? | mad ? | mad? | u mad bro | stay mad
  `,
  ),
];
