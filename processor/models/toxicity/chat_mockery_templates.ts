/**
 * Mockery that holds no word of abuse, threats, and insults of players whose names nobody knows: templates, all our own.
 * @module
 */
import { group, type TemplateGroup } from "./chat_templates.ts";

/** The groups of mockery, and of abuse that is aimed at a name. */
export const mockeryGroups: readonly TemplateGroup[] = [
  group(
    "mockery",
    [0.5, 1_700, 1.2],
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
    should have been {hurted} at birth | wish you were never born | the world would be better without you | end it {name}
    do us a favor and {harm} | do everyone a favor {harm} | you should {harm} {name} | {hurt} yourself {name} | {hurt} urself
  `,
  ),
  group(
    "named_insult",
    [0.94, 2_000, 1.2],
    `
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
