/**
 * Messages as chat writes them, with the class that a reader who knows Twitch gives them. All are our own.
 * @module
 */
import type { SentimentClass } from "../../../processor/enrichers/sentiment_score.ts";

const positive = `
PogChamp
POGGERS POGGERS POGGERS
LETS GOOOOO
let's go boys PogU
gg wp
ggwp everyone, nice games
that was sooooo good
what a clutch
clean af
W
huge W for chat
that combo was insane
sick play dude
<3 <3 <3
love this song catJAM
love you guys <3
first time here, loving the stream
happy birthday!!! 🎉
🔥🔥🔥
❤️
nice🔥
NICEEEEE
good luck today
thank you for the raid
ty for the sub <3
Kreygasm that riff
you got this FeelsStrongMan
FeelsGoodMan Clap
widepeepoHappy
peepoClap well deserved
GIGACHAD
HYPERS NEW EPISODE HYPERS
hahahaha
LMAOOOO
KEKW
OMEGALUL
LUL LUL LUL
not bad
not bad at all PogChamp
this is the best stream on twitch
best boss fight in the game
gratz on the win
goosebumps
he is the goat
GOATED
cracked aim
he's so good at this
im so happy for you
clip it
hell yeah
fuck yeah
holy shit that was sick
xqcL xqcL xqcL
rooLove
cute dog
AYAYA
VoHiYo hello everyone
:)
=D
yay
wow that was close, nice
BlessRNG please
EZ Clap
gg ez win PogChamp
you are amazing at this game
never give up you are great
I love when he does that
what a legend
the music is beautiful
good vibes only
bro is cooking, this is fire PogU
no problem, glad to help
we won PogChamp
SeemsGood
10/10 amazing game
such a good run, congrats!
really enjoying this
poggg
yesss finally
wp
thx for the stream, had fun
bad start but what a great finish
HE DID IT PogChamp HE DID IT PogChamp HE DID IT PogChamp HE DID IT PogChamp
😂😂😂
that was hilarious
`;

const negative = `
Sadge
FeelsBadMan
PepeHands
BibleThump
monkaS
NotLikeThis
ResidentSleeper
ResidentSleeper ResidentSleeper ResidentSleeper boring
this is so boring
WeirdChamp
DansGame
FailFish
WutFace what is that
D:
:(
:( why
😭
💔
🤮🤮
L
huge L
take the L
RIP
rip run
F
oof
yikes
cringe
that was cringe haHAA
so bad
you suck
he is trash
trash game
garbage aim
dogwater
worst player ever
I hate this map
i hate ads
not good
this is not fun
that's not funny
not a fan of this, really disappointing
stop throwing
he choked again
my game crashed again FeelsBadMan
the lag is terrible
so laggy
scripted
rigged game
scammed
what a clown 🤡
uninstall
refund
this game sucks
so unlucky Sadge
missed it again FailFish
he's so bad LUL
noooooo
NOOOOO PepeHands
BOOOO
eww
ugh
wtf is this
shut up
annoying sound
peepoSad he left
rooCry
sadCat
im so sad
I miss the old streams :(
depressing
cheater
hackers ruin this game
bots everywhere, unplayable
toxic chat
can't even watch this, it hurts
great start but terrible ending
nobody likes this
great job Kappa
nice aim Kappa
so good Kappa
you are amazing Kappa
COPIUM
boosted
skill issue
mald
he is mad
tilted
that was awful
unwatchable
he died again Sadge
LOST AGAIN FeelsBadMan LOST AGAIN FeelsBadMan LOST AGAIN FeelsBadMan
`;

const neutral = `
hi
hello chat
what time is it
what game is this
is this live?
when does he start
ok
yes
no
maybe
go left
kill the dragon first
shoot the guard
he is on the second boss
boss fight
press the button
!uptime
!commands
!song
@streamer did you see the mail
https://clips.example/abc
1
2
111
123 go
?
?
???
Kappa
Kappa Kappa Kappa
KKona
NaM
forsenE
which character is that
ghost type
the enemy has a gun
use the bomb
attack the left one
he has two kills
new patch today
map 3 next
i play on pc
who are they fighting
where is the key
A or B
back to the lobby
need more ammo
i think it is on the left side
same
brb
wait what
is he good?
anyone know the song name
play the next one
10 minutes until the match
he went mid
he is dead
that is a zombie
its over there
the stream title says rank 1
modCheck
what did he say
monster hunter
chat which one
he is in the other team now
i use a controller
turn around
check the map
read the sign
what server is this
so who plays next
it starts at 5
skip the cutscene
EU or NA
the final is tomorrow
use your ult
`;

const lines = (text: string): string[] => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");

/** The cases: a message and its class. */
export const sentimentCases: readonly (readonly [message: string, expected: SentimentClass])[] = [
  ...lines(positive).map((message) => [message, "positive"] as const),
  ...lines(negative).map((message) => [message, "negative"] as const),
  ...[...new Set(lines(neutral))].map((message) => [message, "neutral"] as const),
];
