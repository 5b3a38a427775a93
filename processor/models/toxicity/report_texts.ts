/**
 * Texts that only the report uses: written by hand, none of them from a template.
 * @module
 */

const lines = (text: string): string[] => text.trim().split("\n").map((line) => line.trim());

/** Harmless mentions of who people are. A score of 0.5 or more is a false positive. */
export const identityTexts: readonly string[] = lines(`
  happy pride everyone
  my girlfriend and I are both lesbian and we love this streamer
  he came out as gay last year and chat was so supportive
  are there other trans gamers in chat today
  ramadan mubarak to all muslims in chat
  she wears a hijab on stream and plays support
  my rabbi plays chess better than this bot
  hanukkah stream tonight
  i grew up in a black neighborhood in chicago
  black history month charity stream
  as an asian guy i can relate
  the korean casters are so good
  russian chat says hello
  mexican food for dinner tonight
  my indian friend taught me this opening
  is the chinese team still in the tournament
  jewish holidays are next week so no stream
  christian rock band on the playlist
  deaf player using subtitles, so cool
  she uses a wheelchair and still wins marathons with her arms
  autism awareness charity event this weekend
  women's league finals start at 8
  old man gamer here, 62 years old
  first female champion of the cup
  he is bisexual, she is straight
  native american artist made this emote
  my immigrant parents never had a pc
  turkish coffee time
  arab league qualifiers tomorrow
  i identify as nonbinary
  the buddhist temple level is beautiful
  african players deserve a local server
  filipino community is the best
  brazilian fans are so loud and fun
  how do I say thank you in polish
  the german translation is missing
  queer history documentary is on tonight
  gay marriage is legal here
  blind playthrough, no spoilers please
  he is a proud dad of two adopted kids from ethiopia
`);

/** Swearing among friends. A score of 0.8 or more is a false positive. */
export const friendlySwearingTexts: readonly string[] = lines(`
  holy shit what a shot
  that was fucking beautiful
  hell yeah brother
  fuck yes we made it
  damn you are good at this
  shit that was close lol
  no fucking way he hit that
  oh fuck i forgot to save
  lets fucking gooooo
  this game is so damn good
  i love this shit
  badass outro music
  that boss kicked my ass
  my ass hurts from sitting all day
  holy fuck the graphics
  this song goes hard as fuck
  what a crazy son of a gun haha
  good shit man
  fuck i love this game
  ah shit here we go again
  crap i missed the start
  scared the shit out of me lmao
  fucking finally, gg
  hot damn
  well shit
  that's some good ass pizza
  cool as hell
  so fucking proud of you
  best damn stream on twitch
  you magnificent bastard, well played
`);

/** Abuse as it is said in games. */
export const abusiveChatTexts: readonly string[] = lines(`
  you are the reason we lose every game you braindead ape
  noob sniper 0 10 gg
  go back to tutorial dumb bot
  this pudge is so retarded omg
  trash russian jungler
  f***ing feeder
  nice one dog
  ur actual human garbage
  hope ur pc explodes and u die
  cant believe i queue with monkeys like u
  stfu kid nobody cares
  learn to play or uninstall pls
  sh1t team as always
  what a useless support holy
  k y s
  mid is a little bitch
  imagine being that bad lmao get a brain
  sucks to be a braindead adc main
  you disgusting rat
  fuckin moron keeps diving
  enemy team full of pussies
  lc u r so fkn dumb
  cry more loser
  idiots everywhere in this rank
  gg wp team of apes
  suka report this guy
  puta madre este pudge
  bobo support
  go die irl pls
  your whole family should be ashamed of you
  dumb whore
  0 iq plays from our clown carry
  silence u cuck
  i'd rather play with bots than with you morons
  pathetic scrub, hiding in base
  worst am i have ever seen in my life
  eat a bag of dicks
  jungler has the brain of a potato
  deinstall u animal
  imbeciles, all of you
`);

/** What is said in games beside. */
export const harmlessChatTexts: readonly string[] = lines(`
  sniper has no escape, jump on him
  gg well played everyone
  they smoked, be careful bot
  my dog wants to go out, pause please
  wait for blink then we go
  can you pull the camp
  we need vision around roshan
  sorry, wrong button
  who takes the aegis
  i think we won the lane
  lag spike, sorry
  ty for the ward
  they are diving top again
  don't chase him, he has ghost scepter
  let's kill the courier
  so many stuns in their team
  buyback ready in 40 sec
  what should i buy next
  nice save on me
  this is a really long game
  shoot the barrels
  i'm going to die here, just defend
  how was your weekend
  one more after this?
  that hook was unreal
  no worries, we scale better
  his ult is on cooldown
  i can solo this boss
  is there a way to see my stats
  hahaha that was funny
  ready when you are
  dc, back in a minute
  missing two heroes
  kill the tank first then the healer
  it was my mistake, i was too far forward
  we are all dead
  they will end now
  good night guys, thanks for the games
  stack with me later?
  that patch made him so strong
`);
