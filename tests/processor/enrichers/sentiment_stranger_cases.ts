/**
 * Messages in the style of Twitch with labels, by somebody who saw neither lists nor rules. The kinds of mistakes on them
 * led to some of the rules and ratings: their figures flatter.
 * @module
 */
import { type SentimentCases, sentimentCasesOf } from "./sentiment_f1.ts";

const positive = `
WHAT A PLAYYYYYY | based | Kreygasm that soundtrack | LUL LUL rip that guy | jajajaja | WWWWWWWW
that jump scare got me lol monkaS LUL | kkkkkkkkk | EleGiggle EleGiggle | PogU | get well soon <3 | VAMOSSSS
that clutch was insane PogChamp | the cat fell off the desk again LULW | no way he hit that PogU | PepeLaugh
TwitchLit | BASED Clap | u can do it | PepeLaugh he doesn't know | that scream KEKW | RIP headset LUL
ResidentSleeper jk this is hype | this is so stupid i can't stop laughing | not even mad that was amazing | sumLove
SeemsGood solid build | lets gooooooo | POGGERS poggers POGGERS | VisLaud | he got killed by a chicken LUL
Kappa nah fr tho great vid last night | i missed this streamer so much, glad ur back | peepoHappy | 💀💀💀
its ok you'll get it next try peepoHug | wtf that dmg PogChamp | your stream got me through finals, thanks man
LOOOOOOOL | NA > EU PogChamp | LETS GO TSM | HOLYYYYYYY | disgusting aim Kreygasm | cohhL | hello everyone!! <3
LULW chat baited him again | holy shit that flick | PepeLaugh here it comes | admiralLove thanks for the gifted!
xqcL | happy birthday dude | dead LMAO | he's crying FeelsGoodMan deserved win | bro is stuck on a ladder 😂
widepeepoHappy | Clap | YOU ABSOLUTE MADMAN | ggs, close series, proud of the boys even if we lost
welcome raiders TwitchUnity | what a shot | good morning streamer VoHiYo | he is cracked | 5Head what a read
blobDance | timHype timHype timHype | that's so cute | pokiHype pokiLove | OMEGALUL | xD | <3 <3 <3 | got em KEKW
GOTTEM | POG CHAMP THE COMEBACK | BOA MLK | monkaS that was close, nice save | ICANT | peepoHug | FeelsStrongMan Clap
10/10 haircut | nice | FINALLY PogChamp | wideVIBE | GG | PJSugar | Faker is just different man | gmhikaruHype
WE DID IT CHAT | KEKW | CurseLit CurseLit CurseLit | EZ Clap | ez game ez life EZ | Pog | drdHype
OMEGALUL WHAT WAS THAT | ok that ending kinda broke me.. what a game | "i never miss" KEKW | hahahaha
HolidayCookie ty for the sub | lirikPOGGERS | sorry for your loss man, we're here for you <3 | HYPERS
best run so far keep going | GivePLZ more of this TakeNRG | sick play bro | love this song catJAM
ur so bad at this lol i love it | hate how good this guy is | clean | gg wp | lmaooo | I'm dying OMEGALUL
you suck LUL jk love u | died to the tutorial OMEGALUL | I cried at this part, such a good scene FeelsStrongMan
congratz on partner!! lirikH | this game looks so good | CLIP IT LUL | FeelsGoodMan Clap
`;
const negative = `
i laughed for the first hour, now its just painful | sumRip | unsubbed | SwiftRage HEAL HIM
NA production ResidentSleeper | WeirdChamp | THROW | dislike | 3 ads in a row are you kidding me
Nice ban phase coach LUL | FailFish | just another gamba stream, sad | Sadge | salty much PJSalt
he said 5 minutes 40 minutes ago | throwing so hard | BibleThump poor dog | CHOKE OF THE CENTURY NotLikeThis
nice aim Kappa | BibleThump | stop talking over the cutscene | gg go next, this is unwinnable | ads ads ads
"pro" player Kappa | give up dude you're never beating it | TSM at worlds FailFish
thx riot for another "balanced" champ 4Head | ok the plot was good until they ruined it here
Pepega CLAP nice reading comprehension | COPIUM next year for sure | unfollowed | dog game | cohhFail
imagine spending 500 dollars on skins | WutFace MY EARS | my points NotLikeThis
I love getting stunlocked for 10 seconds | mods ban this guy | sellout | what a throw LUL LUL | L take | L + ratio
why did they kill her off BibleThump | snoozefest | $70 for this DansGame | wow another battle royale how original
miss the old cast Sadge | ResidentSleeper | LUL he's still in silver after 3k games | @moobot who asked
he's definitely not malding Clueless | choked again | 0-6 group stage Sadge
very fun game mode Kappa play something else | poggers another reaction stream | rip run | YIKES | too loud WutFace
FeelsBadMan no more stream tomorrow | D: that's so mean | noooooo | Madge | this boss is such bullshit
NOOOOOO HE WAS SO CLOSE | NotLikeThis | OMEGALUL trash | EZ for the cheater I guess | DonoWall
wtf that dmg, nerf this already | NA LUL | used to be a good streamer | stop crying and play BabyRage
how is this guy challenger | man i really wanted them to win it this year | chat is so cringe today
bring back the old map, this one is trash | PepeHands | why does he never read chat Sadge | shut up
BabyRage LAG BabyRage | copium | washed | missed the whole fight cuz of ads DansGame | backseaters so annoying
stream is lagging again | worst player I've seen | actual bot | this is so boring
PogChamp another loading screen PogChamp | he's so bad | audio is broken, ears bleeding | refund
the new emotes look so ugly lol | bronze aim LUL uninstall | Pepega aim | L | great teammates Kappa
FPS drops every 10 seconds wtf | WeirdChamp chat | PJSalt
`;
const neutral = `
ITS A MIMIC | gifted by anonymous monkaHmm | the love theme plays in act 2 | who won the first map? | huh
chat is it game 3 already? | !playlist | depends on the build tbh | !rank | is this ranked or normals?
Did u try turning vsync off | no the other one | go left | is it 60 fps or 144 | who is he talking to
That was patched in 1.04 | what song is this | 1 | que hora es en california | lirikThink
LULW is from which streamer originally | Red team has 2k gold lead | WAIT
this boss killed me like 40 times before i got the pattern | PauseChamp | there's a chest behind u | lvl 14 vs lvl 12
are you gonna watch the apple event | Hes not ignoring you he has chat on delay | BlessRNG | !commands
first time chatter here from germany | which episode is this | kill the healer first, dps is useless if she lives
its the second boss not the last one | why is the title still dark souls | timer didnt start
its a cover i think, original is from 1984 | @xQcOW react to the new trailer | monkaS | back | moon2M | Keepo
HotPokket | @Elajjaz use fire on that one, it's weak to it | isn't that the voice actor from witcher | !sens
dropped out of uni or graduated? | RalpherZ | !gamble all | What's the elo of the other team | C9 or TSM chat
6 subs till 500 | TL in 3 | @Nightbot | VODS? | @Sodapoppin did you finish the quest from yesterday
does anyone actually like the pineapple one | I think its the same devs as Inside | @Pokimane how many cats do u have
Кто играет? | BigBrother | ThunBeast | use the hookshot on the target above the torch
wait is that the same guy from the airport | brb making tea | how long has he been live | monkaW footsteps
is the happy ending the one where u spare him | what keyboard is that | SingsMic | !so @lirik | yes | !join
just got here, whats the score | you can parry that | it's fine, not great not terrible | you're at half hp, pot
xqcS | DatSheffy | monkaHmm is that intended? | you can sell the bad ones to the merchant in town
gonna lurk while i do homework | !uptime | I just ate a sandwich | ur mic is on | hi chat
anyone know the name of this map | SMOrc | hello | it's 3 am here | is faker playing mid or did they sub him
up up down | NaM | my dog just barked at the doorbell on stream | is chat sub only rn | i was 12 when this came out
!bet blue 500 | salut tout le monde | Navi 2-1 | vote 2 | nymnThis | MrDestructoid MrDestructoid | Kappa | KKona
Susge | its called dead cells not death cells | check ur mail | KonCha | Guten Abend | TriHard 7 | wat
cuanto falta para que empiece | she's in LA now I think | peepoLeave | @summit1g crosshair code? | HmmNotes | peepoSit
mods can u turn on the poll | !drop | he didn't save monkaS | try the door on the right again | RAID
I have it on ps4 | modCheck where | no | Do you need to have the dlc to start this? | Hmm | true
Play Hollow Knight next? | what server are you on | you have a skill point | ブロンズ?
Streamer when are you playing with Shroud again | so is this like a remake or what
he has to go back to the inn first I think | will there be a stream tomorrow | buy wards | chat what did i miss | yo
press F3 | chat, pepsi or coke
`;

/** The messages with their classes. */
export const strangerSentimentCases: SentimentCases = sentimentCasesOf({ positive, negative, neutral });
