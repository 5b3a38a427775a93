/**
 * Emotes that are known by name. Twitch tags its own emotes only, and those of BTTV, FFZ and 7TV are plain words in the
 * text: without this list the most used emotes of a real chat would not be counted at all. Names that are plain words as well
 * (`DESPAIR`, `THIS`) are left out.
 * @module
 */

/** Emotes that everyone on Twitch can use. */
const twitchGlobal = `
  4Head AngelThump ANELE ArgieB8 ArsonNoSexy AsexualPride AsianGlow BabyRage BatChest BCWarrior BegWan BibleThump
  BigBrother BigPhish BisexualPride BlargNaut bleedPurple BlessRNG BloodTrail BrainSlug BrokeBack BuddhaBar
  CarlSmile ChefFrank CoolCat CoolStoryBob copyThis CorgiDerp CrreamAwk CurseLit DAESuppy DansGame DatSheffy DBstyle
  DendiFace DogFace DoritosChip DrinkPurple duDudu DxCat EleGiggle EntropyWins FailFish FBBlock FBCatch FBtouchdown
  FortOne FrankerZ FreakinStinkin FUNgineer FunRun FutureMan GayPride GingerPower GivePLZ GlitchCat GlitchLit
  GlitchNRG GrammarKing HarleyWink HassaanChop HeyGuys HolidayCookie HotPokket HungryPaimon ImTyping IntersexPride
  InuyoFace ItsBoshyTime Jebaited JKanStyle JonCarnage KAPOW Kappa KappaClaus KappaPride KappaRoss KappaWealth Keepo
  KevinTurtle Kippa KomodoHype KonCha Kreygasm LaundryBasket LesbianPride LUL Mau5 MaxLOL MechaRobot MercyWing1
  MercyWing2 MikeHogu MingLee MorphinTime MrDestructoid MVGame NewRecord NinjaGrumpy NiceTry NomNom NonbinaryPride
  NotATK NotLikeThis O_o OhMyDog OneHand OpieOP OptimizePrime OSFrog PanicBasket PanicVis PansexualPride PartyHat
  PartyTime PeoplesChamp PermaSmug PicoMause PikaRamen PinkMercy PipeHype PixelBob PJSalt PJSugar PMSTwin PogBones
  PogChamp Poooound PopCorn PoroSad PotFriend PowerUpL PowerUpR PraiseIt PrimeMe PunchTrees PunOko QuadDamage
  RaccAttack RalpherZ ResidentSleeper riPepperonis RitzMitz RlyTho RuleFive RyuChamp SabaPing SeemsGood SeriousSloth
  ShadyLulu ShazBotstix SingsMic SingsNote Shush SMOrc SmoocherZ SoBayed SoonerLater Squid1 Squid2 Squid3 Squid4
  SSSsss StinkyCheese StinkyGlitch StoneLightning StrawBeary SuperVinlin SUBtember SwiftRage TableHere TakeNRG
  TBAngel TearGlove TehePelo ThankEgg TheIlluminati TheRinger TheTarFu TheThing ThunBeast TinyFace TombRaid TooSpicy
  TPFufun TransgenderPride TriHard TTours TwitchConHYPE TwitchLit TwitchRPG TwitchSings TwitchUnity TwitchVotes
  UncleNox UWot VirtualHug VoHiYo VoteNay VoteYea WholeWheat WhySoSerious WTRuck WutFace YouDontSay YouWHY
`;

/** Emotes of BTTV, FrankerFaceZ and 7TV that are in use all over Twitch. */
const thirdParty = `
  3Head 5Head AlienPls AYAYA AYAYAHyper BasedGod Bedge billyReady blobDance BOOBA Catge CatJAM catJAM catKISS
  CheemJam Clap Clueless cmonBruh COGGERS COPIUM docSpin docnotL DinkDonk DIESOFCRINGE D: EZ EZClap eShrug
  FeelsAmazingMan FeelsBadMan FeelsBirthdayMan FeelsDankMan FeelsDonkMan FeelsGoldMan FeelsGoodMan FeelsOkayMan
  FeelsPumpkinMan FeelsRainMan FeelsSnowMan FeelsStrongMan FeelsTastyMan FeelsWeirdMan FeelsWeirdManW forsenCD
  forsenE forsenPls forsenWhat gachiBASS gachiGASM gachiHYPER gachiW GachiPls GIGACHAD GIGACHED Gladge haHAA
  HACKERMANS HandsUp HappyPag HYPERCLAP HYPERDANSGAME HYPERDANSGAMEW HYPERS ICANT iron95Pls Jammies KappaCool Kapp
  KEK KEKL KEKW KKomrade KKonaW KKona KKool KKrikey LETSGO LULW LuL Madge modCheck monkaEyes monkaGIGA monkaH
  monkaHmm monkaLaugh monkaOMEGA monkaS monkaSHAKE monkaSpeed monkaSteer monkaStop monkaTOS monkaW monkaX NaM
  nymnCorn NODDERS NOPERS NOTED NotLikeThis OMEGALUL OkayChamp Okayge Okayeg PagChomp PagMan PauseChamp PauseFish
  peepoBlanket peepoBlush peepoBye peepoChat peepoClap peepoComfy peepoCute peepoD peepoFAT peepoGiggles peepoGiggle
  peepoGlad peepoGoodbye peepoHappy peepoHey peepoHug peepoIQ peepoJAM peepoKiss peepoLeave peepoLove peepoMad
  peepoPls peepoPog peepoRiot peepoRun peepoS peepoSad peepoShy peepoSit peepoSmile peepoTalk peepoTalkies peepoWTF
  pepeBASS pepeCD pepeD pepeDS pepeGuitar PepegaAim PepegaPls Pepega PepeHands pepeJAM pepeJAMJAM PepeLaugh PepeLa
  PepeLmao pepeMeltdown PepePls PepePoint PepeS pepeW PepoCheer PepoDance PepoG PepoPopcorn PepoSabers PepoThink
  PETTHEPEPE PETPET Pog pog POGCRAZY PogU POGGERS POGGIES PogO PogTasty POOGERS Pogey PogPlant ppHop ppHopper ppJedi
  ppL ppOverheat ppPoof ppSlide ppSmoke Prayge RareChar RareParrot ratJAM ricardoFlick Sadge SadgeCry SadCat SCHIZO
  Shruge ShyPepe sippin SillyChamp SmileW SNIFFA SourPls squadW StareChamp Susge SUSSY Tastge TriKool trihex truing
  TRUEING vibePls WeirdChamp WeirdDude WeirdEyes weirdPaper weSmart WAYTOODANK WICKED WideHard WideHardo
  widepeepoHappy widepeepoSad widePeepoHappy widePeepoSad WutFaceW xar2EDM YEP ZULUL ZoomerDance :tf: (puke)
`;

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");

/** Names, case-sensitive as on Twitch, that count as emotes when they stand as whole words. */
export const emoteNames: ReadonlySet<string> = new Set([...words(twitchGlobal), ...words(thirdParty)]);
