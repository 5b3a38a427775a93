/**
 * Messages in the style of Twitch that were written after the last change of the sentiment's lists and rules, and that
 * were looked at as a whole only: their figures flatter least.
 * @module
 */
import { type SentimentCases, sentimentCasesOf } from "./sentiment_f1.ts";

const positive = `
PogChamp that flick | LUL classic | he's popping off PogU | what a beautiful goal | SourPls SourPls | love to see it
that intro is so clean | massive play from the rookie | he clutched up Pog | this is my favorite part | so happy for them
EZ game EZ life | gg what a set | peepoHappy snow | good stuff man | this streamer is hilarious | his voice is so soothing
TriHard Clap nice one | best girl | finally a good map | hype hype hype | widepeepoHappy I got gifted | you're the best
LULW HE FELL | im so excited for the finals | take my money, looks great | huge respect to the underdogs | W dad
the cat is so cute | congrats on the win | nice recovery | ok that was impressive | this never gets old LUL | gachiHYPER
thx for the stream, sleep well | KEKW that was too good | unreal | perfect timing | hello from spain, great stream
monkaS that was close but nice | he made it look easy | POGGERS new emote | catJAM vibing | I enjoy this so much | GG BRO
`;
const negative = `
FeelsBadMan he lost everything | this boss is bullshit | WutFace turn it down | why is he so bad at this game
another L for NA | ResidentSleeper wake me up later | DansGame that food | this meta is awful | he never learns FailFish
PepeHands goodbye | bot aim | he's throwing on purpose | NA production LUL | worst commentary ever | so disappointing
dude shut up already | I can't stand this guy | that's disgusting | my stream keeps freezing | NotLikeThis not again
terrible call by the ref | Sadge i missed it | the chat is cancer today | trash matchmaking | this is unfair
zzzzzzz | haHAA so funny haHAA | WeirdChamp why do you say that | he looks so sad | pathetic performance
boring meta, boring teams | ruined my day | garbage netcode | they got destroyed BibleThump | i'm losing hope
lost all my points | stop yelling | NOOOO | the sound is so bad | im mad | that hurt to watch | the new ui sucks
D: dont hit the dog | refs are blind | overpriced trash | not worth the money | don't waste your time | L take bro
`;
const neutral = `
who won the last map | what is the prize pool | they play best of five | he uses the default crosshair | is this on vod
when is the break over | which champion is that | it's the blue side | mid or feed | he plays for the other team now
Kappa 123 | chat is in sub mode | open the door | he went left | do you speak french | my ping is 60 | 20 minutes left
what was his name again | she streams on mondays | the next one is at noon | is he using a mouse | anyone here from asia
TriHard | forsenE forsenE | HeyGuys | can you check the score | i have the same chair | press space | read the title
he has two lives left | is it raining there | it's a rerun | they banned zed | first or third person | add me on steam
what's the password | how tall is he | round 12 | the map is called dust | enemy spotted | he died at level 3 | shoot it
go to the shop and buy arrows | switch weapons | that's the old version | i'm at work | so what now | 5 4 3 2 1
`;

/** The messages with their classes. */
export const blindSentimentCases: SentimentCases = sentimentCasesOf({ positive, negative, neutral });
