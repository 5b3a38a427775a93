/**
 * What the mock chat says. `{e}` stands for an emote, `{c}` for a count; everything here is made up.
 * @module
 */

/** Messages of an ordinary moment: moods and questions in about the mixture of a real chat. */
export const phrases: readonly string[] = [
  "{e}",
  "{e}",
  "{e} {e}",
  "{e} {e} {e}",
  "hello chat {e}",
  "hi everyone, first time here",
  "love this stream {e}",
  "what a great play!",
  "that was amazing {e}",
  "so good {e} {e}",
  "nice one, well done",
  "this song is beautiful",
  "best part of my day {e}",
  "haha that is funny {e}",
  "thank you for the stream <3",
  "{c} wins in a row {e}",
  "this is so boring {e}",
  "terrible luck {e}",
  "that was awful",
  "I hate this level {e}",
  "the lag is really bad today",
  "worst round so far {e}",
  "sad ending {e}",
  "when is the next game?",
  "what song is this?",
  "which settings do you use?",
  "how long have you been live?",
  "anyone else here since the start?",
  "can you play that again?",
  "brb, getting some tea",
  "I think the left door was right",
  "no way he finds it",
  "wait for it {e}",
  "chat, is this true? {e}",
  "good night all {e}",
];

/** Messages of a spike. */
export const hypePhrases: readonly string[] = [
  "{e}",
  "{e} {e}",
  "{e} {e} {e} {e}",
  "LETS GOOO {e}",
  "WHAT WAS THAT {e}",
  "NO WAY {e} {e}",
  "CLIP IT {e}",
  "UNBELIEVABLE {e}",
];

/** Messages of people whom a raid brings. */
export const raidPhrases: readonly string[] = [
  "raid! {e}",
  "RAID {e} {e}",
  "{e} {e} {e} raid",
  "hello from the other stream {e}",
  "we are here {e}",
  "{c} of us are coming {e}",
  "nice to meet you chat {e}",
];

/** Insults, without a word against anybody's kind. */
export const toxicPhrases: readonly string[] = [
  "you are trash, uninstall the game",
  "shut up you idiot",
  "what a pathetic loser",
  "worst streamer ever, just quit",
  "this chat is full of morons",
  "nobody likes you, get lost",
  "you suck so bad it hurts",
  "stupid clown, go cry somewhere else",
  "garbage player, garbage stream",
  "hate this disgusting trash",
];

/** Emotes by rank: the first is used most. */
export const mockEmotes: readonly string[] = [
  "Kappa",
  "LUL",
  "PogChamp",
  "KEKW",
  "OMEGALUL",
  "monkaS",
  "PepeLaugh",
  "Sadge",
  "FeelsGoodMan",
  "BibleThump",
  "HeyGuys",
  "Kreygasm",
  "NotLikeThis",
  "ResidentSleeper",
  "SeemsGood",
  "PepeHands",
  "catJAM",
  "WutFace",
];

/** Emotes of a spike. */
export const hypeEmotes: readonly string[] = ["PogChamp", "POGGERS", "Pog", "OMEGALUL", "KEKW"];
