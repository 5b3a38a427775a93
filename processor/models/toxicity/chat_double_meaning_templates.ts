/**
 * Harmless talk that sounds like abuse: games with violent names, fights that are only played, ranks, and words that are
 * insults in other company. Templates, all our own.
 * @module
 */
import { group, type TemplateGroup } from "./chat_templates.ts";

/** The groups of harmless talk with words of violence or blame. */
export const doubleMeaningGroups: readonly TemplateGroup[] = [
  group(
    "titles",
    [0.02, 900],
    `
    {grim} {grim} | {grim} {noun} | {grim} {num} | {grim} {grim} {num} | {grim} {name} | {name} {grim} | {name} {grim} {num}
    {name}: {grim} {noun} | {name}: the {grim} | {noun} of {grim} | {grim} of {name} | the {grim} | the {grim} {num}
    the {grim} {noun} | rise of the {grim} | return of the {grim} | {grim} and {grim} | {grim} by {grim} | {grim} island
    {grim} valley | {grim} rising | {grim} souls | {grim} remastered | {grim} remake | {grim} online | {grim} simulator
    playing {grim} {noun} | next game {grim} {noun} | i bought {grim} {noun} | {grim} {noun} is {neutral}
    {grim} {noun} speedrun | new {grim} {noun} trailer | {grim} sword | {grim} armor | {grim} skin | {grim} boss
    ring of {grim} | {grim} blade | mask of {grim} | {item} of the {grim} | {grim} mode | {grim} level | {grim} song
    {grim} never {grim} | {grim} must {grim} | {grim} may {grim} {num} | let the {grim} {grim}
  `,
  ),
  group(
    "played_violence",
    [0.03, 1_500],
    `
    {hit} the {target} | {hit} {hero} | {hit} the {target} first | {hit} him | {hit} them all | {hit} them {obj}
    just {hit} the {target} | you can {hit} the {target} | he {hit}s the {target} | we {hit} the {target} {obj}
    lets {hit} the {target} | dont {hit} the {target} | try to {hit} the {target} | i {hit} the {target} | who {hit}s the {target}
    {hit} or die | can i {hit} the {target} | i got {hitted} | i was {hitted} | he got {hitted} | they {hitted} the {target}
    {hitted} by the {target} | got {hitted} by {hero} | we {hitted} {hero} | {hero} {hitted} {hero} | {hero} {hitted} me again
    i die | i died {obj} | i die {obj} | im dying | im dying here | dying to {hero} | died to {hero} | died to the {target}
    he dies | he died | she died | they all die | we all died | everyone died | dont die | dont die here | dont die {role}
    you die if {who} {act} | you die when {who} {act} | if you die {who} {act} | die and respawn | {num} deaths | death count
    deathless run | no death run | {who} died {num} times | die again lol | rip {name} | {hero} suicide | i suicide
    suicide bomber unit | suicide squad | suicide to {lane} | suicide into the {target} | deny yourself | let me die
    let him die | the {target} killed me | the {target} kills you | {num} kills | kill streak | first kill | team kill sorry
    nice kill {hero} | good kill | double kill | triple kill | kill steal lol | killed it | you killed it | killing it today
    {hero} hooked me | {hero} stunned me | throw the {item} | throw me the {item} | throw a rock | feed the {target}
    feed the pet | bait the {target} | trap the {target} | hang the painting | hang in there | hanging out | choke point
    gas mask | gas station | gas grenade | gas {lane} | bleach skin | drown mechanics | poison him | burn the {item}
    headshot | one tap | gunshot | bang | boom | pew pew | {num} damage | crit {num} | overkill
  `,
  ),
  group(
    "ranks",
    [0.04, 700],
    `
    {rank} | {rank} {num} | {rank} {tail} | im {rank} | i am {rank} {num} | hit {rank} | finally {rank} | from {rank} to {rank}
    {rank} player here | road to {rank} | {rank} elo | what rank is {name} | is he {rank} | {rank} games | {rank} {thing}
    promoted to {rank} | stuck in {rank} | i peaked {rank} | climb to {rank} | {rank} lobby | {rank} border | {rank} skin
    {rank} medal | {rank} trophy | {rank} medal {name} | {rank} promo | {rank} chest | {rank} sword | {rank} armor
    {rank} coin | {rank} badge | {rank} or {rank} | {rank}? | low rank account guide | mmr {num}k | placed {rank}
  `,
  ),
  group(
    "double_meaning",
    [0.05, 1_500],
    `
    {blameless} | {blameless} | {blameless} | {blameless} {tail} | the {blameless} | {blameless} {name} | {blameless} {neutral}
    {ask} {blameless} | i like the {blameless} | its about {blameless} | {blameless} and {noun} | {name} {blameless}
    {who} {act} the {blameless} | {blameless} is {neutral} | {blameless} at {num} | no {blameless} | with {blameless}
  `,
  ),
  group(
    "broad_words",
    [0.03, 2_400],
    `
    {word} | {word} {word} | {word} {word} {word} | the {word} | the {word} is {neutral} | a {word} {noun} | my {word}
    {word} {num} | {hero} {word} | {word} {hero} | {who} {act} the {word} | {who} {can} {act} {word} | {word} {act}
    i like {word} | {word} please | {word} is {word} | {ask} the {word} | {word} lol | {word}? | no {word} | more {word}
    {word} and {word} | {word} or {word} | {name} {word} | {word} {name} | {word} {lane} | {word} {item} | your {word}
    this {word} | that {word} was {good} | {good} {word} | {swear} that {word} | so {word} | you {word} | you are {word}
  `,
  ),
  group(
    "to_you",
    [0.03, 2_600],
    `
    get a {word} | get the {word} | get your {word} | get your {word} up | go get the {word} | go get a {noun} | go with the {word}
    go with your {word} | you will {act} | you will {act} {word} | you have {num} {word} | you have the {word} | you get {word}
    you get your {word} back | you {act} {word} {obj} | you {act} the {word} | you {act} like {num} {word} | you need {word}
    you need a {word} | you require {word} | because you {act} {obj} | because you {act} {num} {word} | what a {word}
    what {word} | what a {neutral} {word} | be a {word} | be {word} | be the {word} | better {act} | better not {act}
    cant {act} that {neutral} | cant get rid of {word} | cant get rid of the {word} | you cant {act} the {word} | you thought {word}
    if you {act} the {word} you {can} {act} | if you {act} you {can} {act} {obj} | when you {act} the {word} | are you a {word}
    are you {word} | is {name} {nation} | is {name} a {word} | is this {word} {word} | is this {noun} {word} | so you are {word}
    chat please {act} | chat {act} {obj} | chat tell me about {word} | tell me your {word} | tell us about your {word}
    {name} do you {act} the {word} | {name} you {can} {act} | {name} is {word} | {name} is a {word} | {name} is so {neutral}
    {name} is {nation} | {name} stop {act} | {name} stop the {word} | stop {word} | stop the {word} | why {can} {who} {word}
    your {word} is {neutral} | your {word} is {word} | youre {word} | you are {neutral} {obj} | you did the {word} {obj}
    you {can} {act} to the {word} | you should {act} a {word} | you should see the {word} | you know the {word} | you too {name}
    he is {word} | she is {word} | he is a {word} | she is a {word} | they are {word} | they are the {word} | he {act} his {word}
    she {act} her {word} | his {word} is {neutral} | her {word} is {neutral} | their {word} {is} {word} | someone {act} my {word}
    someone has a {word} {obj} | somebody {act} the {word} | people {act} their {word} | {num} people {act} {word} | we {act} our {word}
  `,
  ),
  group(
    "identity",
    [0.03, 1_500, 1.6],
    `
    happy holidays to all {group} here | blessings to all {group} | greetings to {group} in chat | hello to all {group} watching
    {group} deserve more {noun}s | {nation} players need a server | {nation} players need better {ping} | {group} need more {noun}s
    a documentary about {group} | a film about {group} tonight | {identity} stories on tv tonight | the {identity} parade was {good}
    {identity} people can marry here | congrats to the {identity} couple | {identity} voices in gaming | {identity} studies class
    im {identity} | i am {identity} | im {identity} and {neutral} | im {identity} and i love this game | as a {identity} {person}
    as a {identity} player | my {kin} is {identity} | my {person} is {identity} | my {identity} {person} {act} {obj}
    {identity} people are welcome here | {identity} community | the {identity} community | {identity} streamer
    {identity} streamers | the {identity} flag | a {identity} flag | {identity} character in this game | a {identity} main character
    {identity} club | {identity} friends | {identity} {person} {is} {neutral} | {identity} holiday | happy {identity} holiday
    {identity} history | {identity} history month | {identity} culture | {identity} event this weekend | {identity} charity
    {identity} music is {good} | {identity} artist | {identity} champion | first {identity} champion | {identity} neighborhood
    he is {identity} | she is {identity} | he came out as {identity} | she came out as {identity} | they are {identity}
    are there {identity} players here | any {identity} gamers in chat | any other {identity} people | support {identity} rights
    {identity} rights are human rights | i grew up {identity} | i was raised {identity} | my parents are {identity}
    {identity} wedding | {identity} couple | {identity} romance option | {identity} actor | a movie about a {identity} {person}
    {nation} food | {nation} movie | {nation} language | {nation} cast | {nation} stream | {nation} caster is {good}
    {nation} coffee | {nation} chat says hi | hi to my {nation} friends | born in {nation} | learning {nation} | {nation} lessons
    {nation} team is {good} | {nation} tournament | the {nation} side | {nation} history | {nation} wedding | my {nation} {kin}
  `,
  ),
  group(
    "about_myself",
    [0.1, 700, 1.6],
    `
    {i} suck {obj} lol | {i} suck today haha | i suck at {noun} | i suck at this {noun} | my {thing} sucks today | my {noun} is shit today
    my {thing} is shit | my {thing} was trash haha | my {thing} is so bad today | im garbage today sorry | im trash at {noun}
    im so bad at {noun} | im so bad haha sorry | im a noob at {noun} | im the noob here lol | noob question from me
    im dumb sorry | i am dumb lol | im so dumb haha | im an idiot sorry | im stupid i forgot {item} | i feel stupid
    i am blind lol | im blind sorry | my brain is dead today | my brain stopped | i threw sorry | i fed sorry
    sorry im feeding | sorry i feed | i play like trash today | i play like shit today sorry | i almost shit myself lol
    i shit my pants haha | i nearly pissed myself laughing | i got my ass kicked | i got wrecked lol | i got owned haha
    i got destroyed by {noun} | i fucked up | i fucked that {thing} up | fuck i forgot {item} | fuck me im late | {i} messed up
  `,
  ),
  group(
    "swearing_at_things",
    [0.3, 1_700, 1.2],
    `
    my {gadget} is {shitty} | my {gadget} is {shitty} today | my {gadget} so {shitty} rn | my {gadget} is so {shitty} lol | {gadget} {shitty}
    this {gadget} is {shitty} | this {gadget} is {shitty} on this {noun} | the {gadget} is {shitty} | {shitty} {gadget} | {gadget} feels {shitty}
    the {gadget} here is {shitty} | what a {shitty} {gadget} | i hate {gadget} | god i hate {gadget} | man i hate {hero} | i hate {hero} lol
    i hate playing vs {hero} | {hero} is cancer to lane against | this hero is {shitty} | {hero} is {shitty} this patch | {hero} {shitty} now
    fuck | fuuuck | fuckk man | ah fuck me | fuck fuck fuck | shit shit shit | fuck i forgot my {gadget} | fuck this {gadget}
    cant see shit | cant hear shit | i cant do shit | i did shit | i play like shit | im playing like {shitty} | i am so {shitty} today
    this {word} sucks | that {noun} sucks | {word} sucks | {word} is shit | {word} is ass | {word} is garbage | {noun} is trash
    {word} is bullshit | what bullshit {word} | thats some {word} shit | some {word} shit | over that shit | that {word} shit
    {act} that shit | {act} this shit {obj} | {act} the shit | put that shit {obj} | get that shit {obj} | dont say that shit
    shit like that {act} | all that {word} shit | dumb {word} | stupid {noun} | stupid {word} | dumb {noun} | this is so stupid lol
    this is dumb | this {noun} is so dumb | {name} is stupid lmao | {noun} is ugly | ugly {noun} | ugly ass {noun} | {word} ass {noun}
    {name} is ass | {name} is garbage tier | {name} sucks in this patch | fuck that {noun} | fuck this {noun} | fuck {word}
    fuck that {word} | {fing} {word} | {fing} {noun} | the fuck | the fuck? | the fuck is {word} | who the fuck is {name}
    what the fuck is a {word} | where the fuck is the {noun} | how the fuck does {word} {act} | why the fuck is the {noun} {neutral}
    get the fuck {obj} | piss {obj} | piss on the {noun} | pissed {obj} | pissing {obj} | {word} is a bitch | that {noun} was a bitch
    {noun}s are a bitch | damn this {noun} | goddamn {word} | i hate this {noun} | i hate this {word} | i hate the {word}
    hate {word} | i fucking hate {word} | {name} is awful | awful {word} | horrible {word} | disgusting {noun} | that was disgusting
    eat shit {noun} | kick its ass | shit {noun} | shitty {noun} | shitty {word} | crappy {noun} | no one gives a shit about {word}
    {who} couldnt give a shit | he doesnt give a shit | give less of a shit | dont give a fuck | zero fucks given | dead game
    {name} is a dead game | {fing} {name} {act} {obj} | {fing} {word} {act} {obj} | {swear} {word} | {word} {swear}
  `,
  ),
];
