/**
 * Messages in the style of Twitch with labels, by somebody who saw neither lists nor rules, scored after the last change of
 * both: nothing was tuned to them.
 * @module
 */
import { type SentimentCases, sentimentCasesOf } from "./sentiment_f1.ts";

const positive = `
disgusting shot Kreygasm | FeelsStrongMan we made it boys | holy shit that aim | FeelsGoodMan Clap
been watching since 2017, still the best stream on the site | <3 | this song slaps | i'm crying LMAO
BibleThump so beautiful | PogU | hahahahaha
lost my job last week and these streams are keeping me sane, thank you <3 | that was insane | INSANEEEE
missed you yesterday glad ur back | don't listen to them, you're playing great and the build is sick | PB!!!!
nice one SeemsGood | FeelsStrongMan | i cant breathe chat he's been talking muted for 5 minutes KEKW
jajajaja que bueno | your art is getting so much better, the shading on the hair is really nice | AYAYA | W streamer
PartyTime | W | POGGIES a wild shiny | PogChamp he can't keep getting away with it | Kreygasm that sound | EZ 4 ENCE
Pog first try | Sadge to happy arc, so proud of u dude | WORLD RECORD PACE LETS GO | so cute omg | gold split PogChamp
peepoClap | ICANT | peepoHappy he remembered my name | LETS GOOOOOOO | PogChamp PogChamp PogChamp | POG
GZ on the level
I was about to go to bed and then you pull this out, fuck it guess I'm calling in sick tomorrow LETS GO
you sick bastard how did you hit that | he's cracked | bro is a menace LMFAO | comfy stream today comfyy | xdd
PepeLaugh he doesn't know | XD | dying to the tutorial boss after talking shit for an hour is peak content OMEGALUL
ヽ༼ຈل͜ຈ༽ﾉ LET'S GO ヽ༼ຈل͜ຈ༽ﾉ | what a save | not gonna lie that was filthy, run it back | based | WWWWWWWW | gg wp
PepeLaugh | OMEGALUL he forgot the key | pepeD pepeD pepeD | gz | 1 tap 1 tap 1 tap gg | OMG LUL his face | EZ Clap
ok that one got me lmao | happy birthday dude 🎂
ngl I hated this game when it came out but watching you play it makes me wanna reinstall
LULW the way he just fell off | ICANT 😭 not the chair | GGs | GIGACHAD doesn't even use a guide | THE COMEBACK IS REAL
LULW | bro got scammed by a 12 year old in a block game and said thank you LULW | gachiBASS | KEKW that npc
4Head good one | 5Head play | good luck today man you got this | HOLYYY the flick | we love u
good morning everyone VoHiYo <3 | no way LOL | kkkkkkkkk | that joke was so bad it was good LUL | mdr trop fort
HYPERS new game day | CLUTCH OR KICK.. AND HE CLUTCHED | LUL nice jump | faker faker faker | cute dog AYAYA
peepoArrive yay made it on time | catJAM banger | Just subbed, you got me through finals week so thanks for that
KEKW KEKW KEKW | NA production LUL never change | HE'S LIVE POGGERS | TOO GOOD | gl hf
Finally a streamer who actually reads the quest text, rare | TwitchUnity | finally live PogChamp | clean Clap
FAKER IS A GOD | <3 <3 love you man | that ending.. 10/10 no notes BibleThump Clap | im dead 💀😂 | HE ACTUALLY DID IT
Best casters ever | bleedPurple welcome | S1MPLE OMEGALUL he's not human | ty for the raid <3 | LMAOOOOO | POGGERS
congrats on partner!! | widepeepoHappy | thank you for the gifted sub!!
`;
const negative = `
60 bucks for this DansGame | so bad LUL | Sadge | widepeepoSad | L | ads every 5 min Madge | stream is lagging so bad
mods are asleep, this guy's been spamming slurs for 10 min | DansGame pineapple | you said 8pm and it's 9:40
WeirdChamp chat stop | ResidentSleeper 20 minute pause | NotLikeThis why would you sell that
so we waited six hours for a 3 minute trailer with no gameplay ok cool | just ff already | unlucky
PogChamp another reaction stream, so original | dead game | FeelsBadMan no invite again | que malo eres
this used to be a fun stream and now it's 4 hours of watching youtube | thanks for the 2 day ban mods, very cool
RIP run | scammed | shut up | noob | why u always play the same thing | "pro player" LUL | Sadge he's ending | EU LUL
he's not even trying | BabyRage "lag" | Pepega | WeirdChamp | this team is trash | you threw that | HotPokket go away
GG go next, this team has no plan after 20 min and it shows every single game | every week same excuse man | buffering
how do you miss that | peepoSad | we lost BibleThump | rip the dream | robbed
lol ok buddy, keep blaming your team while you're 2 and 11 | fuck this company | paid actor | THROWING
PepeHands she was the best character | unsub | Madge play the game | fps drop again man | cry more BabyRage | nice ads
LULW hardstuck gold | schlecht | monkaS my heart can't take this i hate spiders | D: that's so mean
4 unforced errors in a row, this is painful to watch | game looks like ass | ResidentSleeper | BibleThump not the dog
TrollDespair | unfollowed | inting | EZ for the other team, this is not even close | clickbait title DansGame
Deadge chat | volume is killing my ears pls fix it already | pepeMeltdown audio is cooked again | NotLikeThis
0/7 nice smurf Kappa | Weirdge | PepeHands | boring | my grandma rotates faster than this guy
he had it in his hands and he just let go, i feel sick | I hate this boss | FeelsRainMan | EleGiggle NA
PogO that's it? | FailFish just press the button | OMEGALUL washed
nice reading comprehension chat, he literally answered that 10 seconds ago FailFish
i really like you man but these sponsored segments are getting out of hand | so cringe omg | great teammates Kappa
aim like a bronze | stfu | I can't watch this anymore, sitting in the menu for 40 min
wow amazing 5Head strat, walk into five people alone
my mom passed on sunday so I haven't been around much, sorry guys | L take | imagine losing to that
`;
const neutral = `
Song name? | PogChamp is a global emote, you dont need to sub for it | Shruge depends who you ask | TriHard 7
what sens do you play on | dead body in the next room, loot it for the keycard | is it BO3 or BO5? | Corpa ad time
do you have to pay for that skin | 50k on believers | brb making food | any% or 100%? | hi chat | monkaS
is there a vod of yesterday | why is everyone spamming 7 | Prayge crit | use the grapple on the red thing
EU or NA servers today | PauseChamp | wr is 1:47:22 i think | you need the key from the basement first
HUH what did she just say | Kappa | lurking while i study | Chatting erm actually the correct term is framerate
dont forget to hydrate | gamba | will you play the DLC after you finish or go back to valorant
DinkDonk read the dono | ask chat for a number between 1 and 10 | the mod was made by some guy in norway i think
!uptime | 4 | NOTED | 🤔 | !rank | modCheck mods where | 4Shrug | !song
▬▬▬▬▬▬▬▬▬ஜ۩۞۩ஜ▬▬▬▬▬▬▬▬▬ THIS IS A CHAT DIVIDER ▬▬▬▬▬▬▬▬▬
some people hate this zone some people love it, I just run past everything | KKona 7 brother
can u show your settings pls | есть кто живой | !drops | score? | peepoLeave | NOTED never invest in crypto
he said after this match | it depends on the matchup tbh, into zerg you go phoenix first | go back you missed a chest
what happened to the old overlay | clip it | c'est quoi ce jeu | forsenE | look at the minimap
is the sound off or is it only me | Susge who is typing in the background | is this a rerun | BLUE | Bedge gn chat
Kapp | @moobot what's the playlist
he said yesterday he's flying out on thursday so probably no stream until monday or tuesday | !play
ask him about the contract | twitch prime has free stuff this month btw | skip the cutscene
wie lange streamst du heute noch | who is he duoing with | did you watch the new episode yet | !join
do you think they make top 4 if they drop this one or do they need the 2-0 | Hmm | thinking about it NODDERS
PotFriend | im not mad im just asking how the points system works | it's 3am here | gamba mods open it
they nerfed it last patch so now people run the SMG | isnt that the guy from the other lobby | I vote for the pizza
monkaW behind you | peepoSit waiting for queue | just tuned in, is this the same run as before
if you talk to the old man after the bridge cutscene he gives you a lantern, otherwise you gotta buy it
DONT skip the cutscene | ok im off, bye chat | is he solo queueing | who are we raiding after this | rush mid
red or blue | when is the next sub goal | you left the stove on | peepoTalk | im at work cant hear what's going on
he plays at 800 dpi 0.35 | hola de donde eres | !followage | what did he say | press F3 and look at the coords
yeah sure i have a gf Kappa | 30 gifted would unlock the emote | he has 2 smokes and a molly left
wait what day is it | he's in the bathroom | is that a wig | mic? | so is tarkov wipe this week or next | yo
1440p or 1080p? | Can you read my whisper when you get time | build armor into that comp | subs only mode is on
!clip | monkaHmm is that the real one | whats the elo of this game
my dad had the second one on his ps2, i think he stopped at the snow level | chat what game is this
can someone link the clip | you can cancel the animation if you jump right after the second hit | What's the WR?
2-1 for G2 | oi quanto tempo de live? | first time here, what's the goal of this run
theres a guy in the bush to the right | 7 | who's winning | check your dms | LULW is ffz, KEKW is bttv
what keyboard is that? sounds like browns | he's lvl 14 now | how long till the tournament starts
@xX_milo_Xx no that's the old patch, now you get it at level 20 from the vendor in the second town
go left then up the ladder | Chatting | my cat looks just like that
`;

/** The messages with their classes. */
export const lastSentimentCases: SentimentCases = sentimentCasesOf({ positive, negative, neutral });
