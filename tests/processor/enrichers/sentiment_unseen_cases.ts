/**
 * Messages that were written after the first rules and lists of the sentiment were finished, harder than the table on
 * purpose. Later lists were made by somebody who had seen which of them fail.
 * @module
 */
import type { SentimentClass } from "../../../processor/enrichers/sentiment_score.ts";

const positive = `
that ending gave me chills
he finally did it, so proud of this man
we take those
LETSGOOO first try
actual chad
peepoHappy new video
my favorite streamer is back
smooth like butter
ain't no way he pulled that off PogU
catJAM this beat slaps
ty chat for the help
i could watch this all day
crisp
mvp
carried the whole team, respect
this arc is peak fiction
the art looks gorgeous
easy clap GIGACHAD
hes cooking
good luck to both teams
happy for him
what a save
insane reaction time
this community is so wholesome
finally a good game
hug for everyone <3
lmao that face
KEKW he fell for it
HAHAHA not again
aww look at the puppy
+1 nice
best timeline
W stream
POG
love ya
welcome back king
absolute banger
`;
const negative = `
this is painful to watch
he keeps making the same mistake Sadge
why do they never learn
washed
bro is lost
imagine losing to that
they ruined the character
mods asleep
worst patch so far
this song again? skip it
not even close to being good
peepoSad last stream
he got robbed
what a waste
i want my money back
my ears
NotLikeThis he forgot the key
zzz
im out, too much cringe
who let him cook
L take
ratio
mald harder
stop crying
the audio is broken again
30 fps in 2024 DansGame
they lied to us
monkaW behind you
that was a robbery
can we get a real player please
never buying this
so overrated
hope he gets well soon, looks awful
rip the dream
downgrade
FeelsBadMan no subs today
he threw the whole series
`;
const neutral = `
second game starts in five
what region is this
who is casting
he swapped to the other weapon
is chat delayed
anyone from canada
the blue door is locked
let him talk
try the other path
map 2
just use the hook
where did he spawn
why is the screen green
it was at the end of last season
they play again on friday
the update is 40 gb
press f5
which mouse does he use
top or bottom lane
it's raining here
kill count is 12
shotgun only run
five more to go
i think the boss is next
KKona brother
forsenCD
read chat
that's the second floor
how many hours so far
is this a remake
you need the red key
he picked the wizard
switch to the sniper
hmm
one sec
so what happens now
3 2 1
`;

const cases = (text: string, expected: SentimentClass): (readonly [string, SentimentClass])[] =>
  text.split("\n").map((line) => line.trim()).filter((line) => line !== "").map((line) => [line, expected] as const);

/** The cases: a message and its class. */
export const unseenSentimentCases: readonly (readonly [message: string, expected: SentimentClass])[] = [
  ...cases(positive, "positive"),
  ...cases(negative, "negative"),
  ...cases(neutral, "neutral"),
];
