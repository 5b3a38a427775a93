/**
 * More words that the training's examples of game chat are put together from: of violence that is only played, of ranks, of
 * threats, and harmless uses of words that insult elsewhere.
 * @module
 */

const words = (text: string): string[] => text.trim().split(/\s*[|\n]\s*/).filter((word) => word !== "");

/** Fillers of further slots; `|` separates. */
export const moreSlots: Readonly<Record<string, readonly string[]>> = {
  grim: words(`
    blood | death | dead | kill | killer | killzone | devil | demon | hell | murder | war | doom | rage | slaughter | assassin
    assassins | gun | guns | bomb | zombie | zombies | evil | ghost | grave | skull | corpse | butcher | hunter | savage | beast
    cry | fear | pain | slave | witch | plague | die | dying | shadow | dark | darkness | darkest | night | steel | iron | chaos
    hate | sin | sinner | brutal | prey | predator | monster | dragon | outlaw | thief | bandit | pirate | ninja | mercenary
    executioner | massacre | carnage | violence | battle | fatal | bullet | shotgun | knife | blade | nightmare | terror
    horror | crime | criminal | prison | prisoner | dungeon | curse | cursed | vampire | wolf | rat | pig | snake | goat
    monkey | donkey | crow | undead | reaper | ripper | slayer | destroyer | warrior | soldier | sniper | hitman | mafia
    gang | hard | hardcore | extreme | savage | wild | feral | mad | madness | insane | asylum | psycho | creep | creeper
  `),
  hit: words(`
    kill | shoot | stab | murder | execute | assassinate | burn | bomb | hunt | choke | poison | snipe | nuke | behead
    destroy | slay | rush | headshot | attack | hit | smash | crush | slash | strike | punch | kick | beat | bait | trap
    ambush | backstab | steal | rob | loot | knock | finish | clear | one shot | blow up | gun down | take down | set fire to
  `),
  hitted: words(`
    killed | shot | stabbed | murdered | executed | assassinated | burned | bombed | hunted | choked | poisoned | sniped
    nuked | destroyed | slain | rushed | headshot | hit | smashed | crushed | ambushed | backstabbed | robbed | one shot
    blown up | taken down | eaten | caught | ganked | stunned | deleted | erased | melted | flamed by fire | roasted by fire
  `),
  target: words(`
    boss | guard | guards | zombie | zombies | dragon | enemy | enemies | creeps | minions | tower | healer | tank | sniper
    carry | monster | spider | bear | wolf | king | queen | villagers | npc | shopkeeper | merchant | prisoner | target | driver
    pilot | courier | base | nexus | throne | core | bridge | door | barrel | barrels | head | weak spot | hostage | captain
    {name} | {name} | {noun}
  `),
  rank: words(`
    bronze | bronze | silver | silver | gold | plat | platinum | diamond | iron | iron | herald | crusader | guardian | archon
    legend | ancient | divine | immortal | master | grandmaster | gm | challenger | radiant | unranked | emerald | wood
    low elo | high elo | 2k | 3k | 5k
  `),
  praise: words(`
    wp | gj | nice | great | gg | ggwp | ty | thx | thanks | grats | bravo | amazing | well played | nice job | congrats | good job
    gj man | nice one | wow | wow nice | very nice | respect | good | well done | gz
  `),
  record: words(`
    0 kills | 0 hooks | 0 wards | 0 stuns | 0 impact | 0 dmg | 0 damage | 0 assists | 0/9 | 0/7 | 1/14 | 0-9 | 1-12 | 0 12 | 2/11/1
    0 15 3 | {num} deaths | 12 deaths | 15 deaths | 10 times dead | {num} cs | 30 cs | {num} min {item} | 40 min {item} | 4v5
    4v5 again | no wards | no {item} | zero {thing}s | {num} {thing}s in {num} min | {num} misses | missed {num} {thing}s | no help
    0 ganks | no ganks | afk jungle | farming all game | lvl {num} at {num} min | last in gold | {num}k damage
  `),
  exclaim: words(`
    suka | blyat | blin | mierda | carajo | joder | caralho | porra | merda | kurwa | merde | putain | scheisse | perkele | pota
    tangina | cazzo | sial | anjir | amk | ulan | verga | puta madre | nossa | gamoto | pizdec
  `),
  gadget: words(`
    aim | gun | mouse | ping | item | spell | ult | map | patch | drop | loot | champ | meta | matchmaking | server | luck | rng
    crit | minimap | keyboard | headset | wifi | fps | skin | reload | recoil | hitbox | armor | tank | camera | spawn | lane
    build | talent | cooldown | draft | rank system | tick rate | respawn | item shop | jungle pathing | voice chat
  `),
  shitty: words(`
    shit | shit | dogshit | trash | garbage | ass | crap | cancer | terrible | awful | bullshit | a joke | shitty | crappy | horrible
    fucked | fucking broken | so fucking bad | horseshit | the worst | useless
  `),
  actual: words(
    `actual | actually | literal | literally | straight up | certified | legit | legit a | an actual | a literal | pure | real`,
  ),
  blameless: words(`
    noob tutorial | tips for noobs | noob zone | easy difficulty | easy achievement | easy recipe | easy to learn | easy puzzle
    bot difficulty | practice with bots | bots for warmup | twitch bot | music bot | discord bot | mod bot | feed your pet
    feed the horse | feed the chickens | rss feed | twitter feed | delete the folder | delete emote | delete that clip | delete key
    quit the lobby | restart and quit | quit my job | quit sugar | mute button | mute the discord | mute the tab | unmute
    report the glitch | report it to support | news report | weather report | book report | worst part is over | worst timing
    worst map for me | bad weather | bad habit | bad connection | bad wifi | bad dream | bad angle | terrible weather
    horrible ping today | awful weather | brain surgery | brain fog today | big brain | big brain play | brain teaser | my brain
    clown outfit | clown nose | joker skin | good joke | dad joke | joke of the day | pig farm | rat dungeon | snake game
    donkey race | monkey island | gorilla suit | cow level | sheep farm | dog breed | dog walk | weak to fire | weak spot
    weak against ice | weakness is ice | sick today | feeling sick | was sick last week | mad scientist | mad respect
    crazy taxi | crying emoji | cried at the ending | crying at this scene | blind playthrough | blind run | color blind mode
    hacker movie | hacking minigame | cheat codes | cheat sheet | cheat day | troll king boss | troll village | trash mobs
    trash pull | trash loot | trash bin | trash day | garbage truck | garbage texture | recycling | waste pipe level
    useless item | useless upgrade | useless potion | retired in june | retirement home | kid friendly | kids game | for kids
    kids are asleep | fat loot | fat stacks | fat burner | fat cat | ugly sweater | ugly duckling | dumb phone | silly question
    stupid bug | stupid puzzle | stupid timer | stupid ads | damn ads | damn puzzle | damn lag | suck at puzzles | i suck at math
    vacuum sucks it in | sucks for them | that sucks | it sucks to wait | lag sucks | ads suck | feeder fish | bird feeder
    salty snack | salt and pepper | destroyed keyboard | owned the dlc | owned games | gap in the wall | gap closer | time gap
    sleep well | sleep schedule | destroy button | virgin run | master race pc | slave knight | black market | white house
    nazi zombies mode | gay pride | gay couple | lesbian romance option | trans character | race track | race car | racist villain
    jerk chicken | cock your gun | rooster | pussy cat | cat ass trophy | ass shot of the horse | donkey ass | kick it | dick tracy
    moby dick | bastard sword | shiitake | crap shoot | hell difficulty | hell mode | go to hell level | hell gate | damned souls
    devil trigger | rage mode | rage meter | cancer awareness | cancer charity | charity for cancer | cancer season | aids charity run
    suicide prevention charity | hang glider | hanging bridge | rope bridge | gas pump | bleach anime | oven pizza | drown proofing
    toxic gas | toxic swamp | toxic zone | poison swamp | viper nest | infected area | parasite level | virus scan | worm boss
    idiot proof | dummy target | training dummy | test dummy | fool card | coward mode | loser bracket | losers bracket
    losers final | lower bracket | fail animation | failure screen | ban list | ban phase | banned card | kick drum
  `),
  hurt: words(
    `kill | shoot | stab | hang | gas | burn | strangle | beat | behead | slit | murder | rape | choke | lynch`,
  ),
  hurted: words(`
    killed | shot | stabbed | hanged | gassed | burned | strangled | beaten | beheaded | murdered | raped | lynched | deported
    castrated | aborted | put down | put to sleep | executed
  `),
  disease: words(`cancer | aids | tumor | ebola | corona | covid | brain cancer | a stroke | leukemia | the plague`),
  kin: words(`
    mom | dad | grandpa | granny | little sister | little brother | cat | dog | hamster | goldfish | 5 year old | uncle | aunt
    nephew | baby cousin | neighbor | parrot
  `),
  i: words(`i | i | i still | i really | i always | i just | lol i | man i`),
  identity: words(`
    gay | lesbian | bi | bisexual | trans | queer | nonbinary | straight | black | white | asian | latino | arab | indian
    jewish | muslim | christian | hindu | buddhist | catholic | atheist | sikh | deaf | blind | disabled | autistic
    wheelchair | immigrant | native | mixed race | old | {nation} | {nation}
  `),
  person: words(`
    man | woman | guy | girl | dude | person | gamer | friend | boyfriend | girlfriend | wife | husband | teacher | boss
    roommate | cousin | coworker | doctor | viewer | fan | kid
  `),
  hail: words(`
    legend | machine | god | beast | genius | goat | hero | king | queen | unit | champion | wizard | monster | star | pro | savage
    mvp | angel | saint | boss
  `),
  rocks: words(`rocks | slaps | bangs | rules | hits | goes hard | goes off | is fire | is lit | is great | bops`),
  hyped: words(
    `hyped | proud | happy | excited | ready | glad | lucky | stoked | pumped | close | good | cool | funny | cute`,
  ),
};
