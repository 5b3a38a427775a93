/**
 * What emotes feel like: our own polarity list of the emotes of Twitch, BTTV, FrankerFaceZ and 7TV, by how they are used
 * in chat and not by what they show. Names are case-sensitive, as on Twitch. Those that everybody uses without a feeling
 * of either kind (`KKona`, `NaM`) are listed as neutral, so that they are not read as words.
 * @module
 */

/** Valence of laughter, by itself; beside blame it laughs at somebody. */
export const AMUSEMENT_VALENCE = 1.3;

/** Emotes by valence, on the scale of words: −4 to 4. */
const byValence: readonly [valence: number, names: string][] = [
  [
    2.8,
    `
  PogChamp PogU POGGERS Pog PagMan PagChomp POGCRAZY PogBones POGSLIDE PogTasty PogPlant POGGIES PogOff PauseManPog
  HYPERS HYPERPOGGER HYPERCLAP FeelsAmazingMan peepoPog PogUwU Pogey Poggies PepoPog GIGAPOG pogChamp WICKED
  LETSGO LETSGOO LETSGOOO LETSFUCKINGGO GIGACHAD Gigachad VisLaud PogMe Poggers POOGERS
  peepoPoggers ABSOLUTECINEMA Cinema  WeirdPog PogYou POGPLANT  SHEESH PorscheWIN FlawlessVictory
  `,
  ],
  [
    2.3,
    `
  Kreygasm gachiGASM gachiHYPER gachiBASS gachiBop FeelsGoodMan FeelsStrongMan FeelsBirthdayMan peepoLove peepoHappy
  widepeepoHappy widePeepoHappy widepeepoHappyRightHeart peepoHug peepoKiss peepoCute peepoBlush peepoFlower peepoHeart
  catKISS catHUG catLove bleedPurple <3 TwitchUnity VirtualHug PeoplesChamp Gladge Heartge lovely dankHug AYAYA
  AYAYAHyper HYPERAYAYA AYAYAY BloodTrail MercyWing1 MercyWing2 LUVLY LUVSIGN HypeLove1 HypeLove2 peepoPrideFlag
  HypeHeart luvHearts FlowerPog PogPrime NiceOne GoodOne Lovegers peepoSmile blobLove TwitchLit
  FeelsGladMan PeepoGlad SoCute KissAWeeb LuvBlush LuvHearts LuvSign DrinkPurple ViolettaPat widepeepoHug WidePeepoHappy Stronge
  HumbleLife GoodTake WTake 
  `,
  ],
  [
    1.9,
    `
  SeemsGood GivePLZ TakeNRG VoHiYo HeyGuys CoolCat TehePelo PartyTime PartyHat PartyPopper FortOne BlessRNG PraiseIt
  KonCha OhMyDog CarlSmile EZClap Clap Clap2 CLAP clap peepoClap ClapClap HandsUp HandsUpRight NODDERS
  PepoCheer peepoCheer catJAM CatJAM ratJAM pepeJAM pepeJAMJAM peepoJAM vibePls VIBE Vibe Jammies JAMMIES SourPls pepeD
  pepeDS peepoD PepePls forsenPls blobDance PepoDance ZoomerDance AlienPls AlienDance catDance headBang DinoDance
  EDM xar2EDM ricardoFlick peepoDJ DANKIES peepoPls TriKool KKool KappaCool   PizzaTime BasedGod BASED Basedge
  OkayChamp FeelsOkayMan FeelsTastyMan peepoComfy Comfi comfy Comfy peepoBlanket peepoCozy PETPET PETTHEPEPE
  PetTheCat HypeLUL HypeCool HypeHai HypeWow HypeYas HypeFire HypeLit HypeGG HypeNice HypeYay GGWP TTours
  ThankEgg StinkyCheese NomNom Tastge CorgiDerp FrankerZ BegWan ItsBoshyTime MorphinTime NewRecord CurseLit
  GoldPLZ TwitchRPG TPFufun GayPride TransgenderPride BisexualPride LesbianPride NonbinaryPride AsexualPride
  PansexualPride IntersexPride KappaPride Okayge YAAAY YIPPIE YIPPEE Yippie yipee yippee happi HAPPIES happE
  HappyPag billyReady SmileW peepoGlad PepeGlad WOW HUGE PogSpin Prayge peepoPray FeelsPogMan SALAMI peepoGamer
  EZ EZY peepoEZ EZdodge COGGERS Corpa PotFriend FBtouchdown AngelThump PowerUpL PowerUpR MechaRobot
  KomodoHype PipeHype TwitchConHYPE NiceTry Poooound imGlitch GlitchLit GlitchCat SoonerLater
  docPls danse  YEPJAM HYPERNODDERS lebronJAM pugPls batJAM bongoTap RainbowPls GachiPls gachiPRIDE gachiGOLD wideVIBE WICKED 
   YesYes RaidHype GoatEmotey SingsNote TwitchSings HSCheers KPOPcheer plink TeaTime AINTNOWAY  TakeTheW
  `,
  ],
  [
    AMUSEMENT_VALENCE,
    `
  LUL LULW LuL LULWW OMEGALUL OMEGALULiguess OmegaLUL KEKW KEKL KEK KEKWait KEKLEO KEKG KEKWlaugh KEKWHD KEKWLaugh ZULUL
  LULE LOLW MaxLOL EleGiggle 4Head 4HEad 4Shrug peepoGiggles peepoGiggle PepeLaugh pepeLaugh PepeLa PepeLmao pepeLaughing
  monkaLaugh ICANT LMAO LaughHard xdd xddx catLaugh lulWut DogLUL CatLUL Kekw ShadyLulu HyperLUL SadLUL MEGALUL
  OMEGALOL ROFLMAO ROFL peepoLaugh POINTLAUGH PepePoint PointAndLaugh xqcKek moon2LL Jebaited Jebated HassaanChop
  HarleyWink RitzMitz PermaSmug SabaPing    widepeepoWidehard   BOOBA Booba
  PepoPopcorn PopCorn   peepoRun   ppJedi  FeelsDankMan   
    peepoHey peepoWave peepoArrive Wowee xddICANT xddShrug WHOMEGALUL PepeSmug  CAUGHT WAYTOODANK FeelsSnowMan GuitarTime pepeGuitar
  `,
  ],
  [
    -1.1,
    `
  monkaS monkaW monkaX monkaGIGA monkaSHAKE monkaOMEGA monkaEyes monkaTOS monkaH monkaStop monkaMega monkaGun monkaChrist
  monkaSTEER MonkaS MONKA monkers peepoS PepeS pepeS peepoWTF peepoShy monkaPickle     
    cmonBruh   PepegaAim PepegaPls   PepegaChat 3Head Susge Sussy SUSSY SUSGE Suske StareChamp
  Stare WeirdEyes weirdPaper NOPERS NOP NOPE NotATK WutFaceW WTFF Binoculous UNCLENOX peepoLeave peepoBye FeelsPumpkinMan
  TheRinger Squid2 eShrug Shruge YouWHY YouDontSay RlyTho RuleFive UWot FeelsDonkMan FeelsWeirdManW Bedge Jebasted
  TearGlove SSSsss   BigSad SadKek haHAA xqcHAA HAhaa PogO pogO PogOh Deadge DEADGE forsenCD PepeSpit Wokege
  PauseFish NinjaGrumpy DonoWall SadgeRain Tssk NAHH BRUH Bruh bruhMoment HUHH HUH Starege SAVEME peepoWeird PeepoWeird PeepoFinger peepoSus peepoTired
  FLASHBANG SCATTER NotListening CrreamAwk NoNo Wankge
  FBBlock docnotL OpieOP TooSpicy   Awkward Erm ERM Uhh uuh BrokeBack BatChest
  `,
  ],
  [
    -1.9,
    `
  FailFish NotLikeThis DansGame WutFace BibleThump BabyRage SwiftRage ResidentSleeper PJSalt Mau5Sad PunOko PoroSad CoolStoryBob
  riPepperonis FeelsBadMan FeelsRainMan FeelsWeirdMan WeirdChamp WeirdDude weirdChamp FeelsSadMan PepeHands peepoSad
  widepeepoSad widePeepoSad PepeHandsUp Sadge SadgeCry SADGE sadge Sadeg SadCat sadCat SadCatW sadKEK Smadge Madge
  MADGE Madgeclap peepoMad peepoRage peepoAngry RAGEY RAGE RageFace rageFace MALDING MALD malding SwiftMald TiredFrog
  HYPERDANSGAME HYPERDANSGAMEW HYPERDANSGAMEEE DansGameW Cringe CRINGE CringeMan D: DESPAIR Despairge Despair
  pepeMeltdown MonkaMeltdown PainChamp PainPeko PainsChamp PAIN Pain peepoCry PepeCry peepoCryW widepeepoCry CryingCat
  FeelsCryMan BLUBBERS BLUBBERSWTF FeelsLateMan FeelsLagMan FeelsUnsureMan Sadglet SadPag PepeDisgust disgusting Disgustang
  DISGUSTING DIESOFCRINGE VoteNay KillMe KMS Tomfoolery NotOkayge NOWAYING Yikes YIKES HypeFail FallCry hypeFail
  WhySoSerious PanicVis PanicBasket HypeSad HypeRage ANGRE ANGRY Angy Angry Reeferno REEeee REEE peepoRiot peepoREE
  BANNED POLICE pepeW FeelsToxicMan STAHP TrashChamp SAJ saj SAJs BAND Stinky
  RIPBOZO BOZO SCAMMED BadTake LTake FeelsLonelyMan Smoge Smadging CrySad WeirdChampion YEET
  `,
  ],
  [
    0,
    `
  SingsMic HotPokket PJSugar Kippa KKona KKonaW KKomrade
  TriHard WideHard WideHardo PauseChamp PauseMan 5Head peepoIQ KKrikey hackerCD HACKERMANS SNIFFA DinkDonk ppHop ppHopper weSmart
  Chatting chatting  buh BUH buhbye FirstTimeChatter DOCING ImListening  MONKE GAMBA GAMBAADDICT peepoEvil plonk nymnCorn
  KAPOW Kappu DogFace DoritosChip DxCat PopNemo CaitlynS BCWarrior AsianGlow BuddhaBar DAESuppy FamilyMan FreakinStinkin FunRun
  FutureMan InuyoFace JKanStyle KevinTurtle Lechonk LionOfYara MyAvatar OptimizePrime PeteZaroll RalpherZ TheThing TombRaid UnSane
  NaM ANELE forsenE forsenWhat CiGrip SMOrc SMOrcW MingLee TBAngel DatSheffy DendiFace
  OSFrog PJHarley GingerPower MVGame RaccAttack StoneLightning TheIlluminati PepoThink PepoG NOTED modCheck ModCheck Squid1
  Squid3 Squid4 ImTyping copyThis GrammarKing SuperVinlin UncleNox ThunBeast TF2John BOP BigBrother FUNgineer DBstyle
  ArgieB8 PicoMause PRChase Poooound2 PunchTrees TableHere TwitchVotes StrawBeary O_o o_O O_O B) R) monkaHmm
  Hmm hmmMeeting HmmNotes Hmmge hmmm peepoTalk peepoChat PepeChat sippin RareParrot NPC NPCing GIGACHED docSpin
  widepeepo gachiW AMERICA ALLO FeelsSpecialMan ppL ppPoof ppSlide YEP YEPP TRUEING truing SCHIZO Aware AWARE
  Nerd Nerdge nerd catNerd Listening Reading ReallyMad peepoSit Waiting WAITING Waitge TANTIES Looking LOOKING
  `,
  ],
];

/** Emotes that say "only a fool thinks so": they turn hope and praise around, and pity it. */
const delusion = `Pepega PEPEGA Clueless COPIUM Copium COPE COPIUMTIME Copege Copesen HOPIUM Hopium COPEGE copege  `;
const DELUSION_VALENCE = -1.1;

/** Emotes that say "I do not mean it": they carry no feeling of their own and turn praise around. */
const sarcasm = `Kappa Keepo Kapp KappaHD KappaClaus KappaRoss KappaWealth MiniK KappaDark KappaJack KappaW Kappaccino`;

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");

/** Emotes of sarcasm. */
export const sarcasmEmotes: ReadonlySet<string> = new Set([...words(sarcasm), ...words(delusion)]);

/** Valence of each known emote, −4 to 4. */
export const emoteValences: ReadonlyMap<string, number> = new Map([
  ...byValence.flatMap(([valence, names]) => words(names).map((name): [string, number] => [name, valence])),
  ...words(sarcasm).map((name): [string, number] => [name, 0]),
  ...words(delusion).map((name): [string, number] => [name, DELUSION_VALENCE]),
]);

/**
 * Emotes typed in lower case where they are not to be had: `residentsleeper`. Only names with a capital inside, which no
 * word of a language is equal to.
 */
export const lowerCaseEmotes: ReadonlyMap<string, string> = new Map(
  [...emoteValences.keys()].filter((name) => name.length >= 6 && /[a-z][A-Z]/.test(name))
    .map((name) => [name.toLowerCase(), name]),
);

/** A name that starts with one of these words, not with a longer word that only starts like it (`L`, but not `LORE`). */
function name(alternatives: string): RegExp {
  return new RegExp(`^(?:${alternatives})(?:s|ed|ing|y|er)?(?=$|\\d|[A-Z][a-z])`);
}

/**
 * Emotes of a channel are the channel's prefix and a name (`xqcL`, `rooCry`), and the names repeat all over Twitch.
 * The first pattern that fits the name says what it feels like.
 */
const nameValences: readonly [name: RegExp, valence: number][] = [
  [
    name("NotLikeThis|Fail|Cringe|Yikes|Sad|Cry|Sob|Tear|Rip|RIP|Feels?Bad|Pain|Despair|Depress|Dead|Tilt|Salt|Mald|F"),
    -1.9,
  ],
  [
    name(
      "Rage|Mad|Angry|Angy|Grr|Hate|Gross|Ew|Eww|Puke|Disgust|Boo|Trash|Bad|No|Nope|Nooo|Ban|Sleep|Bored|Weird|NO|RAGE|MAD",
    ),
    -1.7,
  ],
  [name("Scared?|Scary|Spook|Monka|Panic|Sweat|Nervous|WTF|Wtf|Wut|Huh|Sus|Stare|Suffer|Lag|S"), -1.1],
  [name("Love|LOVE|Heart|Hug|Kiss|Luv|Wub|Comfy|Cute|Blush|Smile|Happy|Joy|Yay|Adore|Feels?(?:Good|Great)|L"), 2.3],
  [
    name(
      "Hype|HYPE|Pog|POG|Poggers|Pag|Gasm|GASM|Party|Wow|Win|GG|Gg|EZ|Ez|Yes|Good|Nice|Clap|Cheer|Lit|Fire|God|King|W",
    ),
    2.1,
  ],
  [name("Dance|Jam|JAM|Vibe|Bop|Rave|Wave|Hi|Hello|Hey|Salute|Cool|Thumb|Up|Pride|Pet|Pat|Bless|Pray"), 1.7],
  [name("LUL|LULW|Lul|Laugh|LOL|Lol|Kek|KEK|KEKW|Giggle|Haha|XD|Lmao|Smug|Smirk"), AMUSEMENT_VALENCE],
];

/** Families of emotes that grow faster than a list: whatever they are made with, they say this. */
const families: readonly [name: RegExp, valence: number][] = [
  [/^monka[A-Z]/, -1.1],
  [/(?:JAM|Jam|Dance|Vibe|VIBE|Clap|CLAP|Pls)$/, 1.7],
  [/(?:LUL|LULW|KEK|KEKW|OMEGALUL|Laugh|LAUGH)$/, AMUSEMENT_VALENCE],
  [/(?:Pog|POG|PogU|Poggers|POGGERS|PogChamp|Hype|HYPE|Gasm|GASM)$/, 2.3],
];

/** Valence of an emote of a channel by its name without the prefix; 0 when the name says nothing. */
export function channelEmoteValence(emote: string): number {
  let start = 1;
  while (start < emote.length && !isCapital(emote.charCodeAt(start))) start++;
  if (start >= emote.length) return 0;
  const name = emote.slice(start);
  return (nameValences.find(([pattern]) => pattern.test(name)) ?? families.find(([pattern]) => pattern.test(emote)))
    ?.[1] ??
    0;
}

const isCapital = (unit: number): boolean => unit >= 65 && unit <= 90;

/** Whether a token looks like an emote of a channel: a prefix in lower case, then a capital: `xqcL`, `rooCry`, `PepeSad`. */
export function looksLikeChannelEmote(token: string): boolean {
  return CHANNEL_EMOTE.test(token);
}

const CHANNEL_EMOTE = /^(?:[a-z][a-z0-9]{2,12}|(?:Pepe|Peepo|Feels|Monka))[A-Z][A-Za-z0-9_]{0,20}$/;
