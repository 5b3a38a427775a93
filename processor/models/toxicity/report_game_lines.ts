/**
 * Lines of game chat and Twitch chat, by what a reader of that chat calls them. Only the report uses them: written by hand
 * before the training was changed for their kinds, and held by no template.
 * @module
 */

/** Lines of chat by what a reader calls them. */
export interface GameLines {
  /** Insults, hate, threats: whoever reads it calls it toxic. */
  readonly explicit: readonly string[];
  /** Blame, gloating and mockery. */
  readonly implicit: readonly string[];
  /** Swearing that is meant well, or at nobody. */
  readonly swearing: readonly string[];
  /** Talk that abuses nobody. */
  readonly harmless: readonly string[];
}

/** Lines that stand between bars or line breaks; each once. */
export const linesOf = (
  text: string,
): string[] => [...new Set(text.split(/\s*[|\n]\s*/).filter((line) => line !== ""))];

/** Insults, hate, threats: whoever reads it calls it toxic. */
const explicitLines: readonly string[] = linesOf(`
  you guys are so fucking dumb | slark is mentally challenged | this faggot sniper | just kill urself already rubick
  nice brain you got there retard | hope your whole team gets cancer | fuking trash russians | arty scum
  shitty arty camper | clown in the is7 | red tomato idiots | uninstall wot you tomato | my team is made of morons
  you fat ugly loser | dumb as a rock | who taught you to play, your dead dog? | bunch of monkeys | go die
  stfu u worthless feeder | fkn ape jungler | cunts | go suck a lemon you moron | i bet your parents are siblings
  u are a joke of a human being | shut ur trap bitch | ur mum is fat | disgusting human
  0-12 yasuo retarded as always | f off | gtfo my lane shitter | dogshit adc | kys vayne | hang yourself teemo
  you deserve cancer | this lc has downs | eat sht | sum1 plz rape this pudge | go to hell noob
  burn in hell all of u | fuck ur life | fuck your family | u son of whore | b1tch | stupid fk | f@ggot | n1gg3r
  die you pig | ur a parasite | braindeads everywhere in my team | imbecile tank driver | wtf you blind retard
  pos player | you lil shit | omfg these shitheads | garbage human | garbage mid laner | invoker is dogshit lmao
  noob | noob tinker | noobest sf ever | worst ursa eu | useless pos5 | u are useless | u suck so hard bro
  bad player, go play minecraft | no brain no hands | braindead jungler gg | what kind of moron picks this
  idiot walks alone again | stupid team | dumbass team cant push | russian pigs | fucking peruvian rats | dirty jew
  gypsies ruin server | go back to ur cave | retardd | autistic weaver | are you stupid or what
  stupid kids in my game | cry baby bitch | little whiny bitch | shut the hell up | shut it idiot
  nobody asked u moron | asshole camper | cocky little prick | scumbag | pathetic losers | you're all pathetic
  coward rats hiding in bush | tosser in the maus | cheating bastard | fking hackers | i hope u die in real life
  ill slit your throat | someone should shoot you | may your mother die | you will be gassed | inbred trash
  your mother should have aborted | mongoloid feeder | gay ass zeus | literally cancer team | cancer player
  sub human | u animal | this streamer is a retard | ugly ass streamer | she only gets viewers cause of her tits
  mods are nazis | chat is full of incels | stupid whore streamer | subhuman chat | go outside you fat fuck
`);

/** Blame, gloating and mockery without a word that a list would hold. */
const implicitLines: readonly string[] = linesOf(`
  ez | ez mid | gg ez | ez game for babies | too easy | that was free | free win | free mmr | izi | diff
  jungle diff | support gap | uninstall | uninstall pls | erase it from your disk | report mid | report lina for int | reported
  report my team thx | my grandma plays better | my cat could do better | did you buy this account | ebay account
  how are you this rank | how did u get to gold | go back to bots | stick to bot games | go play tetris
  try a different game | first time playing with hands? | do you steer with your elbows | turn your monitor on
  monitor off? | open your eyes | learn to aim | l2p | git gud | u mad? | cry more | stay mad | keep crying
  lol so bad | sit down kid | nice ult lol | nice flash genius | great gank bro, really helpful | thx for nothing
  appreciate the free kills, mid | great team as always... | 4v5 since minute one | we have a ghost for a support
  afk jungler again | carry is a minion | mid is a spectator | you had one job | trash team | bad team | so bad | weak
  weak team | no skill | hardstuck for a reason | silver brain | bronze plays | this is why you're bronze
  welcome to low elo | stop feeding | keep feeding | stop blaming, you are 0-9 | you lost us the game
  lost because of top | mid lost the game | thanks for throwing | throwers | why even queue
  nobody wants to play with u | no wonder ur solo | quit dota | you should retire | who let this guy stream
  worst gameplay i have ever watched | cant even beat level one | does he have hands
`);

/** Swearing that is meant well, or at nobody. */
const friendlySwearingLines: readonly string[] = linesOf(`
  holy shit nice shot | that was fucking insane | fuck yes we did it | omg that was fucking close
  damn you are good | hell of a game | this song fucking slaps | shit that was clean | what the hell that was sick
  holy fuck the damage | bro is a fucking machine | love you crazy bastards | this is some good shit
  he's a goddamn legend | no fucking way he hit that | fuck my ping lol | ah shit forgot my tp
  oh fuck they have smoke | this boss is hard as fuck | im so fucking hyped | fuck it we ball
  let's fucking go boys | hell yeah brother | scared the crap out of me | lmao i almost shit myself
  my aim is shit today | i suck at this game haha | im so bad sorry guys | damn dude congrats | sick ass play
  that's badass | kicking ass tonight | fucking finally a win | god damn that hook | ffs my mouse died
  wtf was that shot xD | holy crap | sorry i fucked up | shit sorry wrong spell | fucking love this community
  you magnificent bastard | hot fucking damn | dope shit | best fucking day ever
`);

/** Talk that abuses nobody, however violent the game is. */
const harmlessLines: readonly string[] = linesOf(`
  kill dragon | im dead | shoot him | b | push mid | gank bot | ss mid | mid is missing | kill the healer | he is one hp
  finish him | he's behind the wall | snipe the guy on the roof | throw a grenade | i got shot in the head
  we murdered them in that fight | kill creeps | deny the creep | blow up the wall | steal the buff | suicide into tower
  i will suicide to creeps | rape seeds oil? no, salad | cancel the attack | cut the trees | burn the ward
  DEVIL MAY CRY 5 | Dead Space remake | Resident Evil 4 | Slay the Spire | Killing Floor 2 | Dead by Daylight
  Mortal Kombat fatality | God of War | Hitman 3 | Hell Let Loose | Doom Eternal | Left 4 Dead | Sniper Elite
  Dying Light 2 | Darkest Dungeon | Rage 2 | Kill la Kill | Cult of the Lamb | Monster Hunter World | Bloodborne
  bronze PepeLaugh | gold 3 | silver 2 | iron sword | platinum trophy | herald of the titans | what rank is he
  skull crusher | black king bar | dagon | skadi | refresher orb | shadow fiend | queen of pain | beastmaster | troll warlord
  blood seeker top | pudge mid | lich offlane | monkey king on tree | rat doto | cow level | buy a pig farm
  hp low | cd 20 | no mana | back | def base | wait bkb | rosh? | smoke now | tp | care pudge | ult rdy
  arty on hill | is3 lit | defend cap | cap base | go east | scout the bush | heavies to city | reload 8 sec | ammo rack
  need heal | i tank | pull boss | drake in 20 | herald is spawning | nash | inhib down | flash no ult | red buff pls
  invade | lvl 1 gank top | cs is fine | bot has no vision | bot lane won | bot tower low | ward bot
  ty | np | sry lag | dc | brb food | gl hf | nice | wp | gg | good job mid | well done jungle | thx for heal
  good try | unlucky | we can still win | we hold this | my fault | i'll carry | trust me | hi from norway
  who is playing next | is the cup on today | who made this beat | what's the score | is it bo3 | anyone got the link
  can you raise the volume | the stream froze | ad again | is this the new patch | first time on this map
  which class is best | how do i unlock her | i main bard | he plays with a controller | 144 hz
  he fell off the cliff lol | that dog is adorable | my cat is on the keyboard | my mom made lasagna
  LUL | KEKW | PogChamp PogChamp | Kappa | monkaS | xqcL xqcL | PepeHands | OMEGALUL OMEGALUL | TriHard 7 | catJAM
  D: | o7 | <3 | F | ?? | W | +1 | 1 | same | true | LMAO | hahahaha | POGGERS lets go | Sadge no stream | BibleThump
  CHAT PLEASE | WHAT A GAME | LETS GO TEAM | I CANT BELIEVE IT | HE DID IT | NO WAY | RUN RUN RUN | WAIT WHAT
  hola a todos | buenas noches amigos | jugamos otra? | gracias por la ayuda | de donde eres | vamos equipo | boa sorte
  bom jogo | tudo bem pessoal | obrigado mano | bonjour tout le monde | bien joué les gars | merci beaucoup
  guten abend zusammen | wer spielt heute | danke dir | ciao ragazzi | dobry wieczor | dzieki za gre | privet rebyata
  spasibo za igru | vsem udachi | всем привет из москвы | какая карта | iyi geceler | tesekkurler arkadaslar
  kapan mulai bang | selamat malam semua | kumain na kayo | salamat po sa inyo | こんばんは | 오늘 게임 재밌다 | 晚上好
  gay rights | my husband and i watch together | im black and i love metal | greetings from israel | trans flag looks nice
  the germans won the tournament | chinese teams are strong this year | russian tanks are fun | jewish deli nearby
  brain power song | stupid question but how do i save | dumb luck | sick combo | ill check | crazy damage
  his defense is trash can tier lol jk | garbage collector build | rubbish bin skin | useless box achievement
  the noob guide helped me | easy mode first then hard | bad connection sorry | report card day | worst case we lose a tower
  that joke was funny | clown fiesta skin | rats in the basement level | throw the ball | feed the dog in game
  dont die | you die if you touch it | he kills everyone | they all died | kill count 30 | shot through the smoke
  mute your mic please | can you mute the music | quit to menu | delete that save file | easy there big guy
`);

/** The lines by kind. */
export const gameLines: GameLines = {
  explicit: explicitLines,
  implicit: implicitLines,
  swearing: friendlySwearingLines,
  harmless: harmlessLines,
};
