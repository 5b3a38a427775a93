/**
 * A third set of lines of game chat, by somebody who saw neither lists and templates nor a score. They were scored when the
 * training seemed done; what they showed of swearing at things led to one more group of examples.
 * @module
 */
import { type GameLines, linesOf } from "./report_game_lines.ts";

/** Insults, hate, threats. */
const strangerExplicitLines: readonly string[] = linesOf(`
  stfu noob | gay ass void | fuck off with ur pings | ok dumbass
  - lina wtf - what - u had ult - no mana - ur so fucking dumb | fucking peruvians | puta madre pendejo juega bien
  die in a fire teemo | inutil | go wash dishes woman | tang ina mo am | ur autistic or what | mid noob uninstal pls
  stop ball chasing retard | i fucked ur mother in mid | - why u no tp? - why u no shut ur mouth idiot
  i hope ur family gets cancer | n00b as fuck this kunkka | special needs kid in tank | stop talking rat
  - ward pls - buy it urself u lazy fuck | 5 stacked and still losing to us u absolute donkeys
  i dont even care about mmr anymore i just want this pudge to suffer and lose u worthless prick
  our jungler is literal dogshit | ur dad left cuz of this gameplay | ur nothing, never will be anything, rot | kys
  i will find u and break ur legs | sosi | reyna instalock subhuman | fuckin animals
  sage ur useless just heal u dumbass | what a save u bot uninstall | pinoy trash | who shot me u dumb prick
  braindead support | vai se foder mid | wp retards | tf are you doing u moron | putang ina support bobo
  gg ez u fucking rats | awp noob whiff whiff whiff useless shit | eat shit
  braindead monkeys on my team every single game i swear | lol axe is crying what a baby stfu
  noob team noob pos 4 all noobs | hope u get hit by a bus arty | bot red player, waste of oxygen | go die irl
  cry more bitch | report this retard void hes been afk jungle all game | genji trash swap u fkn ape
  what a cunt this sf is | end fast im stuck with 4 monkeys | kill urself invoker | nice wards u blind fuck
  fucking idiot pudge | useless cm | sniper u fucking pick sniper every game and afk jungle u shit | suka why u feed
  wtf is this animal doing | ur a clown shut it | filho da puta | nice flash idiot | turkish dogs | loh ebaniy
  l2p moron | no life loser | imagine being this shit at 6k | brasileiro macaco | faggot mirana | stfu and farm
  pathetic | mercy ego whore | bot lane inting pieces of shit | blue tk asshole
  worst zeus i ever seen in my life u should be ashamed idiot | romanian gypsy thief | little bitch hiding in base
  fck u techies | nobody asked u scrub shut ur mouth | hanzo main = brain damage | tomato idiot in tier 10
  mierda de support callate | caralho seu lixo | b1tch | go back to bots retard | where u live il come slap u
  go jump off a bridge top | jg diff u fat virgin | nazi scum | u r so bad man uninstall | fucking arty scum
  idi nahui | trashcan player | camper coward stupid bush wanker | blyat debil | pidor | iron brain sage wtf
  girl gamer lol make me a sandwich bitch | f u all | this guy is so dumb omg | bobo mo gago | you are garbage pa
  cierra el ojete pinche perro | delete the game ape | bro thinks hes good hes a fucking bum | hdp
  mongolo de mierda aprende a jugar | get a job u bum | xit0r dog enjoy ban loser | russian pigs in every game
  teammate has downs | silver trash go play minesweeper | ur mom shouldve swallowed
  idiots why u fight 4v5 without me | bottom frag and talking u clown | this mid is retarded | cheating piece of shit
  u play like a girl go back to kitchen | say that to my face pussy
`);

/** Blame, gloating, mockery. */
const strangerImplicitLines: readonly string[] = linesOf(`
  ez mid | hahahahaha so easy | u talk a lot for 2-11 | pos 5 with more cs than our pos 1 hahaha
  peeking dry again, genius | muy facil | sit down | every game i get a pudge like this
  relax we already know u did nothing | tutorial is in the main menu fyi | izi katka
  thx heavies for sitting behind that rock | ez | arty so skilled | thats ur carry? lol
  what a save! what a save! what a save! | supp diff its not even close | wonderful bkb at 45 min am really
  nice ult lol | is ur monitor on | enjoy gold forever | bro is hardstuck for a reason | aw he is sad | lmao mid 0 9
  facil jaja | we lost cause of mid | dont cry pls | maybe try another hero | dont worry am we only need u to exist
  always the same with russians in my team | i play with bots | u died 3 times to same mine bro lol
  better jungler wins | oh look he found the buyback button | cm has 0 wards at 25 min, amazing 
  wards cost 0 gold just saying | we carried u enough sniper say thank you | first time lina? | sit kid
  no no keep farming jungle, we do fine 4v5 | thanks for the rapier :) | is this ur first game
  whats ur crosshair i want to avoid it | even my little sister would hit that hook | yasuo mains have room temp iq
  1 shot 0 dmg well played e100 | keep typing im farming ur jungle | talk less play more | have u considered chess
  i said i wont help this mid anymore let him learn | wow lc got a duel, call the news
  - gj mid - what - nothing just enjoying the show | go next buddy not ur game
  15-3 because of players like our heavies | no skill just tinker | look at ur score then talk
  have fun in low prio :) | adc gap | finally u did something | gg cant win with this carry | nice wards, oh wait
  gg at 10 min? thought u were pro smurf | account buyer | how much did u pay for this acc
  top feeds whole game and now blames me ok | great bkb there bud | great scouting, light tank in base whole game
  4 kills in 20 rounds thats rough | wow a ward. in 40 minutes. im touched | who told u to play invoker
  u aim with ur feet? | yes bro go alone again third time lucky | so u were the 'smurf' huh
  - who is smurf here - me - oh i couldnt tell | ez game ez life | and again he dies. shocking
  so proud of ur 1 kill? | took you 40 min to find us | 1 kill and he starts typing
`);

/** Swearing at nobody. */
const strangerSwearingLines: readonly string[] = linesOf(`
  - is that rubick? - no illusion - ah fuck | ah fuck i missed | arty hit me from nowhere wtf | fuck my internet
  shitty drop | that wallbang holy fuck | my aim is dogshit rn | oh shit | cant see shit with this smoke
  fuck | fuck this patch | fucking lag | i bought wrong item ffs
  300 ping wtf | gun is shit on this tank | shit ping | ammo rack first shot fuck me | teemo shrooms fml
  stock grind is hell | this shit costs 6200 and i cant even use it fml
`);

/** Calls, and talk that abuses nobody. */
const strangerHarmlessLines: readonly string[] = linesOf(`
  space created | def rax | that echo was disgusting holy | he is lit 92 | he killed me with 2 hp left
  both teams throw so hard hahaha i love this game | ???? | no mana
  i legit thought i was dead there then the bara got me out lmao | 1hp omggg | bkb next | gg ff | hola | acaben
  end fast pls i have to go | roshan killed at 23 | brasil? | go finish | i had 2k gold when i died rip my divine
  how much is that arcana | techies pls no | ok my fault i shouldnt have gone up without bkb sry team | ff 15
  die roshan dieee | TI when | tp top | aram is so random | commend for commend? | :3 | salamat | dirty play nice
  save this round | dont unpause | can u guys pls report ember he fed couriers all game thx | com me i com u
  pos kalo bisa 3 | rep mid | - pause pls - why - sf dc - k wait him | help cap | gg | god i hate range creeps
  kill kill kill | best cm ever | we should have killed rosh when they were 3 dead but whatever good game
  i want to die when i see pl | no money eco | where u from sven | spot for arty pls | brb door
  thats my boost lol sorry | swap to ana | my ping is killing me | end | rosh now 3 dead | kumusta
  wait for him 2 min | everyone go 1 line hold hill | smoke and rosh | rofl that was close
  que servidor tan malo me va a 200 | this server is trash today | commend pls i was support whole game :)
  ya nub euy ane wkwk | group mid dont fight | nice try | nice set where u get it | u r good sf | dont go in wait ult
  - how old r u - 31 - lol me too - old man dota - my back hurts | privet | noob here how do i see the neutral items
  lakad matatag normalin normalin | i had no vision | sick arrow
  sven take aegis and then we go high ground together dont chase | from? | glhf | i have dust
  wait for bkb then we hit mid rax | game is hard | how did that not pen | ss bot 2 | gj team
  report plz earthshaker griefing | unpause | pause pls | buy gem | jajaja | 12 sec
  - lagging? - ya 400 - me too sea is dead today | fat finger | surrender guys | u smurf?
  noob question what does that orb do | why pause | thx | reporta a la sf pls | vote yes | def top | nice clutch man
  rush b | nice one | last one heaven | ward pls | dont end yet let me buy rapier haha one min | ult in 20
  i flashed myself lmao | my mouse died | 2 short one lit 80 | wait dc pause | need caffeine | give me solo mid
  what a save! | this hero is cancer | afk 1 min my mom calls | ricochet on paper tank ok wargaming
  plz report lion he destroy items | report am pls | bro i just walked into 5 of them
  sven solo killed rosh at lvl 9 no way | if we lose this fight just ff ok i have work tomorrow | mis mid
  dumb item honestly | you're dead next time axe :D | pls ban pudge someone | b | my tp is 90 sec
  ill kill u next round haha good duel | drop me ak | ff pls | nichego ne ponyal no ok
  2 sec my cat is on keyboard lmao | i thought u had stun | u stream? | why | lmao | go mid | sry lag
  60 min game omg | i hate techies | bounce again | aaaaaaaaaaaaa | guys report our ck he abandons items
  i pressed wrong button | i need 200 more for blink | sry my bad | catch me if u can | ult charged 90 | baron now
  need heal group up | whoops own goal my b | commend me pls | he dc | aegis gone in 1 min | long game | no flash mid
  no healers again hm | i almost died lol | wait our carry disconnected
  - bro u played that so well - ty i just spam this hero | we meet again | terminen ya
  first game after 3 years im trash dont expect much | report 0-12 bot for inting 
  report our void for leaving, check replay min 14 | zakanchivayte | pudge from my last game was 20 0 same guy?
  report pudge feed | was waiting for ur ult | push top now they r dead | u ran so fast hahaha | idk
  trash item build i know but im having fun | im noob at this hero | i will kill him next time just watch
  hello from peru | gg guys was fun | rotate b
`);

/** The lines by kind. */
export const strangerGameLines: GameLines = {
  explicit: strangerExplicitLines,
  implicit: strangerImplicitLines,
  swearing: strangerSwearingLines,
  harmless: strangerHarmlessLines,
};
