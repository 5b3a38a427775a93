/**
 * A second set of lines of game chat, written together with the first and looked at as a whole only: no line of it was
 * read with its score while the model was made, so its figures flatter less.
 * @module
 */

import { type GameLines, linesOf } from "./report_game_lines.ts";

/** Insults, hate, threats. */
const blindExplicitLines: readonly string[] = linesOf(`
  ur braindead dude | this bard is so stupid omg | go kill yourself bro | fucking animals | fk this idiot
  most retarded team ever | you worthless piece of trash | my ass is smarter than you | 200 iq loser | dumb bot mid
  fat kid rage | u r disgusting | i hope you get ebola | get cancer and die | ching chong | all turks are dogs
  you are shit at this game | what a bunch of idiots | brain dead monkeys | talentless hack | ugly virgin
  pussy wont fight | bitch boy | lil bitch dazzle | hey shithead, ward | eat a bullet | drown in your own piss
  garbage team garbage players | report this scumbag | omg noobs | noob jungle noob | so fucking useless
  fn retard blocking me | idiot arty | go fk a goat | u have downs | trash can player | you absolute waste of air
  stupid polish retards | camping coward | dumb slut | your sister is a whore | you should be put down | die irl
  nobody loves you kill yourself | clown team | brainlet | delusional moron | pathetic excuse for a human | stfu dog
`);

/** Blame, gloating, mockery. */
const blindImplicitLines: readonly string[] = linesOf(`
  ez lane | top diff lol | easiest game of my life | gap | thanks for the free points | bots are better than this team
  uninstall league | report jungle afk | are you even trying | nice aim stevie wonder | my little brother plays better
  is that all | you call that a gank | so easy to kill | best feeder eu | how can you lose that | did you learn from youtube
  not even close | go watch a tutorial | wow such carry | sleeping support | pls never pick that again | report for griefing
`);

/** Swearing that is meant well, or at nobody. */
const blindFriendlySwearingLines: readonly string[] = linesOf(`
  fucking beautiful | oh my fucking god what a shot | damn that was smooth | shit im lagging | fuck, no mana
  holy hell that damage | best shit i have seen today | that escape was fucking godlike | hell yes gg
  man i fucking love this hero | fuck yea rampage | what a sick bastard, wp | lol shit happens | fuck i pressed the wrong key
`);

/** Talk that abuses nobody. */
const blindHarmlessLines: readonly string[] = linesOf(`
  lc mid pls | ember has rapier | we go top after wave | someone buy gem | shaker no echo | he tp'd out | care, 3 missing
  kill the messenger bird | burn him down | stab the boss in the back | he died to creeps | im dying, need help
  execute the prisoner | hang on | choke point at b | hit the weak spot | bait him | blind monk jungle | corrupt wisp
  savage roar build | insane damage | crazy game so far | dumbbell exercise | moron mountain? is that a map | sucker punch is a move
  Grim Dawn | Kingdom Come | The Evil Within | Blasphemous 2 | Hades II | Sekiro: Shadows Die Twice | Payday 2
  STRAY CATS MUSIC | GO GO GO | FOR HONOR | WHERE IS EVERYONE | gg close one | wp both teams | that hook tho
  iron 4 to diamond challenge | bronze age civ | herald armor | low elo guide video | bot match for the quest | scrub the timeline
  je suis en retard, désolé | necesito ayuda arriba | vamos a ganar | preciso de cura | ich bin gleich da | idziemy na bossa
  ребята всем удачи | ok tara laro | gas mabar | hadi bakalim | domo arigato
  KEKW LUL | monkaW | Pepega | FeelsStrongMan | BabyRage | SMOrc | NotLikeThis NotLikeThis | forsenCD | EZ Clap
  mute pls, baby sleeping | my report is due tomorrow | easy mode activated | i quit smoking | trash goes out on monday
  is the animal crossing stream later | he's a beast | she's a gay icon | the black panther movie | new korean server
  the rat boss is weak to fire | pig rider card | cow milk run | dog park | monkey ball speedrun
`);

/** The lines by kind. */
export const blindGameLines: GameLines = {
  explicit: blindExplicitLines,
  implicit: blindImplicitLines,
  swearing: blindFriendlySwearingLines,
  harmless: blindHarmlessLines,
};
