/**
 * Mockery that holds no word of abuse, threats, and insults of players whose names nobody knows: templates, all our own.
 * @module
 */
import { group, type TemplateGroup } from "./chat_templates.ts";

/** The groups of mockery, and of abuse that is aimed at a name. */
export const mockeryGroups: readonly TemplateGroup[] = [
  group(
    "mockery",
    [0.55, 1_900, 1.2],
    `
    nice {thing} {role} lol | nice {thing} lol | nice {thing} ... | great {thing} {role} ... | great {thing} as ever
    wow what a {thing} {role} | well done dying | good job dying {role} | gj dying | brilliant {thing} {role} | genius {thing}
    genius {role} | smart {role} | very smart {role} | big help {role} | so helpful {role} | really useful {role}
    ty for the free {thing} {role} | thanks for help lol | thanks for the help team | thx team for nothing
    my {kin} plays better | my {kin} plays better than {you} | my {kin} could carry this | my {kin} would hit that
    even my {kin} hits that | even bots are better | a bot would do more | bots have more {thing}s | a creep does more
    go play with bots | play bot games | stick to {easygame} | try {easygame} | {easygame} is that way | find another game
    pick another game | wrong game for you | did you buy your account | how much was the account | whose account is this
    account sharing? | is this your brother's account | how are you even {rank} | how did he get {rank} | {rank} really?
    {rank} lol | typical {rank} | typical {role} | {rank} gameplay | {rank} {role} | {rank} mechanics | true {rank} player
    stay {rank} | stay in {rank} | enjoy {rank} | no wonder you are {rank} | no wonder you are stuck | forever {rank}
    hardstuck {rank} | hardstuck | hardstuck since {num} seasons | welcome to {rank} | peak {rank} right here
    do you play with one hand | do you have hands | hands? | no hands? | are your hands ok | does {hero} have hands
    is your screen on | is your monitor off | turn the screen on | is your mouse broken | buy a new mouse | buy glasses
    glasses? | eyes? | wake up {role} | hello {role}? anyone home | sleeping {role} | are you sleeping | is {role} asleep
    watch a guide | read a guide | watch a tutorial {role} | learn {hero} first | never touch {hero} again | dont queue ranked
    dont pick {hero} ever | stay out of ranked | play normals first | you should stop playing | time to retire | just retire
    easiest game | easiest lane | easiest mid of my life | easiest +{num} | that easy? | free lane | free {thing}s | free food
    free gold | free points | free elo | freelo | walking gold | walking ward | too weak | they are weak | weak {role}
    is that it? | thats it? | all that for nothing | what was that {role} | what was that {thing} {role}
    imagine losing to {hero} | imagine losing this | imagine dying to that | imagine playing {hero} | imagine being {rank}
    imagine that {thing} | cope | seethe | cry about it | more tears pls | tears are tasty | salty? | so salty | someone is mad
    he mad | hes so mad | u mad now? | angry? | tilted? | u tilted {role}? | gonna cry? | why so mad | calm down kid
    {role} {role} {role} ... | {role} what are you doing | any {role}? | do we have a {role} | we have no {role}
    playing without {role} | 4v5 all game | 4v6 | 5v4 since {num} min | always my team | every game the same team
    i get this team every game | why do i always get this team | cant carry this | too heavy to carry | too heavy team
    i carry {num} people | 1v9 again | alone vs {num} | playing alone | no help all game | nobody helps | ghost {role}
    invisible {role} | {role} is a ward | {role} is a minion | {role} is a spectator | {role} watching | {role} tourist
    {role} diff | {role} gap | {role} diff lol | {role} canyon | {lane} diff | {lane} gap | {hero} diff | better {role} wins
    better {role} | outdiffed | diffed | gapped | report {hero} | report {hero} inting | report {hero} afk | {num} reports for {hero}
    reported {role} | reporting {role} | {role} reported for afk | honor for nobody | game lost at pick | game over because {role}
    lost at draft because {role} | {role} lost us this | {hero} lost the game | you lost it {role} | thanks for the loss {role}
    he bought this account | who let {hero} play | who let him cook | who gave {role} a mouse | streamer has no aim
    streamer is so bad | worst aim ive seen | he cant aim | she cant play | cant beat the tutorial | stuck on the first boss lol
    how is he this slow | pro player btw | pro player right here | "pro" {role} | best {role} btw | {rank} btw
  `,
  ),
  group(
    "mocking_praise",
    [0.55, 1_500, 1.2],
    `
    {praise} {hero} {record} | {praise} {role} {record} | {praise} {record} | {hero} {record} {praise} | {praise} team {record}
    {record} {praise} | {record} and flames | {record} and talks | {record} and he types lol | {record} {role} lol
    {hero} {record} lol | {praise} for {record} | {praise} for the {record} | {role} with {record} {praise} | {praise} , {record}
    {record} at {num} min {praise} | {praise} {hero} {record} at {num} min | {praise} {role} see you in low prio
    ty for mmr | ty for the mmr | ty for the elo | thx for the points | ty matchmaking | thanks matchmaking | thx for this team
    thanks for this {role} | ty for this {role} valve | thx riot for this team | thanks for the win {role} | ty for free game
    nice stealing | nice ks | nice ks {role} | nice dive lol | nice dive {hero} | nice feed | nice feed {hero} | nice afk
    nice afk farm | nice wards {role} | nice tp | nice int | nice throw | nice throw guys | great throw | nice brain {role}
    nice pick | nice pick lol | nice draft guys gg | good luck with that {role} | gl with that score | gl with {record}
    gl winning with {hero} | que buen {role} | que buen {role} jaja | buen {role} jajaja | lindo {role} | gran {role} jaja
    boa {role} kkkk | belo {role} kkk | parabens {role} | krasava {role} {record} | galing ng {role} {record}
    need hacks to win | need hacks for that | nice hacks | nice script | cool script bro | grats on the smurf
    need a smurf to win | nice try {rank} | {rank} in my game gg | {rank} {role} nice | {rank} smurf lol
    best {role} eu | best {role} na | best {role} sea | best {hero} eu | best {hero} na | best {hero} world | top 1 {hero}
    number one {role} | pro {hero} here | famous {hero} | legendary {role} {record}
    maybe next year | nt maybe next year | nt maybe in {num} years | try again in {num} years | wait {num} more years
    farm more {hero} gj | farm more gj | keep farming {hero} | keep farming {role} | keep jungling {hero} gj
    keep jungling we dont need you | keep it up {role} lol | stay in jungle {role} | afk in jungle whole game gg
    {hero} farms whole game gg | {hero} farming since {num} min | still no {item} {hero} | {num} min no {item} lol
    no {item} at {num} min | {num} min {item} nice | {num} min {item} gj | where is ur team | where is your team lol
    where is your {thing} now | who is laughing now | and now? | and now {role} ? | oh look he died | oh look he fed again
    oh look dead again | and he is dead | and he dies again | he dies again | dead again gj | dead again lol {role}
    died again wow | again dead {role} | surprise he died | what a surprise {role} | again {role} | {role} again lol
    5 man for 1 kill | 5 for 1 nice | {num} man for {hero} lol | need {num} for one kill | only in {num} lol
    gg no team | no team gg | gg no {role} | no {role} no game | gg my {role} {record} | gg with this {role}
    how is this guy {rank} | how is {hero} {rank} | how is {role} {rank} | how are u {rank} | how much for the boost
    how much did you pay for boost | how much u paid for acc | who boosted {role} | who boosted {hero} | boosted by who
    see you in low prio | see u low prio | lp for you | enjoy low prio | low prio for {role} | wp now report
    just dont play {role} pls | dont play {role} pls | dont play {hero} ever pls | never {role} again pls | next time not {role}
    we lost because of {role} | we lose because {role} | lost cuz of {hero} | lost cause {role} {record} | all because {role}
    first time on this hero? | first time with {hero} | first time {rank}? | is it your first {hero} | first day {hero}
    try {easygame} maybe | try bots maybe | lol try {easygame} | maybe {easygame} is better for you
    -25 :) | -25 lol | -30 ty {role} | minus 25 thx | +25 thx | +30 ty | +25 lol ty
    2ez | 2ez4me | 2 ez | 2ez4us | ez4me | ez4us | ez4 | ez lang | ezpz lemon | ez kata | izi kda | izi katka ty
    facil | facilito | facilzinho | muito facil | muito facil kkk | muy facil | muy facil jaja | que facil | demasiado facil
    kolay | cok kolay | gampang | mudah | leicht | trop facile | facile | sehr leicht | slishkom izi | legko | dali lang | sisiw
    {role} diff gg | sup diff gg | wide gap | {role} gap gg | big gap | huge gap | canyon | skill gap | brain diff | hands diff
  `,
  ),
  group(
    "foreign_swearing",
    [0.33, 350, 1.2],
    `
    {exclaim} | {exclaim} {ping} | {ping} {exclaim} | {exclaim} my {item} | {exclaim} no {item} | {exclaim} i missed | {exclaim} sorry
    {exclaim} again lag | {exclaim} this game | {exclaim} so close | {exclaim} i died | oh {exclaim} | {exclaim} {exclaim}
    {exclaim} this {ping} | {exclaim} the servers | {exclaim} nice | {exclaim} {good} | {exclaim} wait me | {exclaim} dc
  `,
  ),
  group(
    "threat",
    [0.95, 900, 1.2],
    `
    {harm} | {harm} | {harm} {name} | {name} {harm} | {harm} {role} | {harm} {tail} | {role} {harm} | {hero} {harm} | {harm} already
    someone should {hurt} you | someone {hurt} this {role} | they should {hurt} you | somebody {hurt} him irl | go die {role}
    go die {hero} | go die {name} | go die pls | just go die | go and die | you can go die | die already {role} | hope you die {role}
    i will {hurt} you irl | ill {hurt} you irl | i will {hurt} your {mom} | ill {hurt} your {mom} | gonna {hurt} your {mom}
    i hope someone {hurt}s you | hope they {hurt} you | you should be {hurted} | you will be {hurted} | you deserve to die
    you deserve {disease} | deserve to be {hurted} | you should not be alive | why are you alive | who let you live
    {nation} should be {hurted} | {group} should be {hurted} | {group} should die | {hurt} all {group} | {hurt} all {nation}
    may your {mom} die | may you die | hope your {mom} gets {disease} | your {mom} has {disease} | get {disease} | catch {disease}
    hope you catch {disease} | i know where you live | i will find you | find you and {hurt} you | i pay someone to {hurt} you
    should have been {hurted} at birth | wish you were never born | the world would be better without you | do it rope {name}
    do us a favor and {harm} | do everyone a favor {harm} | you should {harm} {name} | {hurt} yourself {name} | {hurt} urself
  `,
  ),
  group(
    "named_insult",
    [0.94, 2_000, 1.2],
    `
    {role} is {actual} {insult} | {hero} is {actual} {insult} | {actual} {insult} | {actual} {insult} {role} | {actual} {bad} {role}
    they are {actual} {insults} | {actual} {insults} | {ur} {actual} {insult} | {you} {actual} {insult} | what an {actual} {insult}
    {name} {insult} | {insult} {name} | {name} you {insult} | {name} {adv} {insult} | {name} is {adv} {insult} | {name} is a {insult}
    {name} {ur} {bad} | {fing} {name} | {fing} {insult} {name} | stfu {name} | shut up {name} | {fuck} {name} | {fuck} you {name}
    {name} {fuck} off | {name} sucks | {name} you suck | {name} is {bad} | {name} so {bad} | {name} is trash | {name} trash
    {name} noob | noob {name} | {name} {foreign} | {foreign} {name} | report this {insult} {name} | this {name} is {adv} {insult}
    {name} is braindead | {name} has no brain | {name} team of {insults} | {insults} like {name} | {name} {insults}
    {word} {insult} | {fing} {word} {insult} | {insult} cant {act} | {who} {act} like a {insult} | you {word} {insult}
    you {act} like {insult} | {insult} {act} {obj} | {insults} {act} {obj} | this {insult} {act} {obj} | why {act} {obj} {insult}
    {ask} did you {act} {obj} {insult} | {act} {obj} {insult} | {act} {obj} you {insult} | {insult} {ask} you {act} {obj}
    {who} {can} {act} {obj} {insult} | stupid {word} | stupid {noun} {insult} | {adv} {insult} {who} {act} {obj}
    sub human | sub humans | {ur} sub human | inbred {insult} | {bad} human | {bad} human being | human {bad} | {insult} of a human
    excuse for a {role} | {bad} excuse for a human | talentless {insult} | {bad} streamer | {insult} streamer | streamer is a {insult}
    mods are {insults} | chat is {insults} | chat full of {insults} | {insult} mods | {insult} chat | you are a {insult} streamer
    bunch of {insults} | pack of {insults} | herd of {insults} | team of {insults} | server of {insults} | {insults} everywhere
    {ur} parents are {insults} | {ur} {mom} is a {insult} | raised by {insults} | {ur} family is {bad} | {nation} {insults} ruin this
    {nation} ruin every game | {nation} ruin this server | {group} ruin this game | hate {group} | i hate {group} | {group} are {insults}
    are you {bad} {role} | are you a {insult} | is he {bad} in the head | {bad} in the head | dropped as a baby {insult}
    mentally {bad} | mentally challenged {role} | brain of a {insult} | dumb as a {noun} | dumber than a {noun} | {num} braincells
    all {bad} all {insults} | go {fuck} a {noun} | {fuck} your {noun} | {fing} {noun} {insult} | you {fing} {noun} | eat {foreign}
  `,
  ),
];
