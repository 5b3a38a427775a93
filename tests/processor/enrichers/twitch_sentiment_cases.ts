/**
 * Messages in the style of Twitch with the class that a reader gives them: emotes of Twitch, BTTV, FrankerFaceZ and 7TV,
 * slang, negation, sarcasm. Written by hand apart from the table of cases, before the lists were grown by what failed of
 * them; the floor that the test asks for is below what was measured, since no line of it has to pass.
 * @module
 */
import { type SentimentCases, sentimentCasesOf } from "./sentiment_f1.ts";

const positive = `
PogChamp PogChamp what a comeback | pogchamp | POGGIES | pog moment | PogU he actually got it | Pog clutch
poggers in the chat | based | based streamer | W rizz | massive dub | huge W stream today | chat we are so back
this guy is nuts at this game | bro is HIM | he's cracked af | clean headshot EZ | EZ Clap no contest | sheesh
that was buttery smooth | W mods | dubs in chat | gachiBASS so good | SourPls this track | catJAM what a tune
TriHard Clap | VoHiYo cute outfit | HeyGuys first time watching and already a fan | <3 ty for streaming today
love the new overlay | peepoHappy he is back | widepeepoHappy | FeelsGoodMan comfy stream | FeelsAmazingMan
AYAYA so cute | bless you streamer BlessRNG | SeemsGood good call | Kreygasm that graphics | GIGACHAD behavior
FeelsStrongMan beautiful | Clap Clap Clap | peepoClap | HYPERCLAP | LETS FUCKING GOOOO | LETSGO | gg ez boys
gg wp what a series | congrats on 100k! | happy birthday king | gz on the new pb | thats a pb PogChamp
no way he lived PogU | I was here PogChamp | that actually made my day | wholesome chat | best stream this week
you got this! | never doubted | this game looks amazing | can't wait for the sequel | 10/10 would watch again
not bad at all | didn't expect that to be so good | ngl that was sick | actually insane movement | unreal aim
thanks for the gifted sub! | thank you for answering | good vibes tonight | glad you are feeling better
hahaha that was great | LULW that was so good | KEKW i love this guy | OMEGALUL best moment | im crying LMAO
fire beat 🔥 | 😍 that dog | you deserve it all <3 <3 | xqcL | goated song | banger after banger | peepoHey hi strimmer love you
LULW | OMEGALUL | 4Head | lmaooo | KEKW KEKW KEKW
`;

const negative = `
Sadge | sadge no stream tomorrow | FeelsBadMan another loss | FeelsBadMan | PepeHands he's gone | BibleThump poor dog
peepoSad | widepeepoSad | NotLikeThis why would you do that | ResidentSleeper | ResidentSleeper queue simulator
residentsleeper content | zzz wake me up when something happens | boring game, play something else | DansGame
DansGame pineapple pizza | WutFace my ears | SwiftRage | BabyRage | BabyRage it's not my fault | FailFish | FailFish how
haHAA | haHAA cringe | WeirdChamp | WeirdChamp chat | weirdchamp ban him | cringe | cringe af | actual cringe
cmonBruh | monkaS he is going to die | monkaW | L | L streamer | fat L | hold this L | L + ratio | ratio
F | F in the chat | rip the run | rip | RIP stream | copium | COPIUM he will win next time | inhaling copium rn
Despairge | Deadge chat | Madge | Madge unban me | malding LULW | he's malding so hard | tilted again | choke artist
washed streamer | fell off | he fell off hard | bro lost to a bot | imagine losing to that OMEGALUL | he is so bad LUL
worst take i've heard | wtf is he doing | this is so bad | bad rng | unlucky | so unlucky NotLikeThis | scuffed audio
audio is scuffed again | ads ads ads, i'm leaving | 8 ads DansGame | lag | lagging so hard | can't hear anything
this isn't funny anymore | not fun to watch | never playing this again | i don't like this map | hate this part
couldn't be more boring | can we skip this please it's painful | please stop | stop | nooooo | NOOOOO my favorite character
disappointed but not surprised | what a waste of time | so much for the comeback Kappa | nice aim Kappa
great plan Kappa | surely he wins this one Clueless | totally not scripted Kappa | "skill" LUL | trash talk and then loses lol
he threw | they threw so hard | throw of the century | griefing | bots in chat | mods are sleeping | chat is so toxic
unsubbed | unfollowed | dead game | ruined | reported | pay to win garbage | D: | D: how could you | yikes | big yikes | oof
😢 | 😡 | i feel sick | miss the old days Sadge | you suck at this | trash
`;

const neutral = `
Kappa | Keepo | hello | hi chat | hey streamer | what's up | good morning chat | is he live | when is the next match
which version is this | what rank are you | what monitor do you have | who's the other guy | any mods here
!uptime | !discord | !rank please work | @streamer what is your sens | https://twitch.example/clip
he picked support | it's his second playthrough | one more round | next game in 5 | map 3 is dust2 | it's 2-1
he needs 3 more wins for rank 1 | kill the adds first | shoot the barrel | attack the left side | he's dead
boss has 10% hp | try fire arrows | go back to the bonfire | use the shield | the key is upstairs | check the chest
turn left | other left | read the description | which build is he running | did he finish the quest
what does that item do | is this the dlc | does this have coop | on pc or console | what's his age
he said tomorrow | he is eating | where is he | brb | back in 5 | afk | same | true | maybe | i see | ok | yes | no
yep | idk | nvm | wait | huh | hm | hmm | ? | ??? | 1 | 2 | A | B | +1 | o/ | anyone else? | who asked
i think it's the red one | it depends on the patch | that's from the last season | they swapped roles
10 viewers | 5k viewers today | it's 3 am here | from germany | i'm from brazil | KKona USA | forsenE | NaM
TriHard 7 | MrDestructoid | modCheck | PauseChamp | monkaHmm | 5Head use the other door | SMOrc | PunchTrees
chat what should i eat | left or right | can you play the other song | what song is that | what did i miss
just got here | was afk, what happened | does he have editor | is this a rerun | stream delay is 10 seconds
he is reading chat | pause the game and read | timer started | ban phase now | last pick | draft is over
hitman 2 next | dead cells is next | playing dark souls at 8 | the final boss is death | it's called killer instinct
i'm not sure | not really | no idea | not today | don't know yet | i don't think so | never played it
`;

/** The messages with their classes. */
export const twitchSentimentCases: SentimentCases = sentimentCasesOf({ positive, negative, neutral });
