/**
 * Words by the part that they play in abuse, our own list. The model gets their counts as features, so that a rare word of
 * a kind weighs like a frequent one; the training makes its examples of game chat from them.
 * @module
 */

/** The parts that words play; their order is the order of the features. */
export const lexiconKinds = [
  "slur",
  "obscene",
  "insult",
  "foreign",
  "harm",
  "game_insult",
  "animal",
  "mild",
  "friendly",
  "you",
  "self",
] as const;

/** A part that words play. */
export type LexiconKind = (typeof lexiconKinds)[number];

const lists: Readonly<Record<LexiconKind, string>> = {
  slur: `
    nigger niggers nigga niggas nigg nigs niglet negro faggot faggots fag fags faggy fagg tranny trannies kike kikes spic spics chink
    chinks gook gooks wetback wetbacks towelhead raghead paki pakis dyke dykes coon coons gypsy beaner beaners jap japs redneck
    tard tards retard retards retarded retardo mongoloid mongol downie cripple homo homos sandnigger chingchong
    cotton_picker shemale honky honkey gringo zipperhead jigaboo muzzie whitetrash fgt fgts fggt
  `,
  obscene: `
    fuck fucks fucked fucker fuckers fucking fuckin fking fkin fkn fck fuk fuking fucktard fuckhead fuckface fuckwit fuckboy fuckoff
    fuckyou fuckup motherfucker motherfuckers motherfucking motherfuck mofo mofos mf mfer mfs fu fku stfu gtfo shit shits shitty
    shithead shitter shitters shite shitface shitstain shithole bullshit dipshit dogshit horseshit apeshit batshit dumbshit bitch
    bitches bitching bitchass bitchy biatch biotch sonofabitch bastard bastards cunt cunts ass asshole assholes asshat asswipe
    arse arsehole dumbass jackass dumbasses dick dicks dickhead dickheads dickface cock cocks cocksucker cocksuckers cuck cucks
    prick pricks twat twats wanker wankers wank bollocks tosser bellend pussy pussies whore whores slut sluts slutty skank hoe hoes
    thot thots cum cumshot jizz tits titties boobs blowjob handjob dildo penis vagina anal anus rape raped raper rapist raping
    milf tramp slag wtf_fuck crap
  `,
  insult: `
    idiot idiots idiotic idot idiota moron morons moronic stupid stupids dumb dumber dumbest dumbo dummy dunce imbecile imbeciles
    clown clowns loser losers pathetic brainless braindead brainlet degenerate degenerates degen scum scumbag scumbags scumbags filth
    filthy ugly fat fatty fatass disgusting creep creeps weirdo freak freaks psycho pervert perv pedo pedophile incel incels virgin
    virgins simp simps neckbeard basement coward cowards crybaby crybabies manchild kiddo kid kids douche douchebag
    douchebags jerk jerks worthless failure disgrace embarrassment joke laughable autist autistic autism autists cretin
    imbecil nitwit halfwit dimwit lowlife subhuman nobody peasant inbred hillbilly dork lunatic mental mentally_ill liar braindeads
    stink stinks smelly toxic cringe trashcan buffoon simpleton ignorant arrogant crap_head suck sucks sucked sucker suckers
    hypocrite weakling snowflake nazi nazis hitler
  `,
  foreign: `
    suka cyka suki cyki blyat blyad blyadi blat bliat blet blyt pidor pidar pidoras pidaras pidr pidory gandon mudak mudaki debil
    debily dolboeb dolbaeb dolbayob eblan ebal ebat ebaniy yeban uebok uebki chmo durak nahui nahuy naxuy nahyi pizda pizdec pizdets
    pizdabol zaebal huy hui huesos huilo suchka shlyuha shluha zhopa urod urody tvar pohui yobana
    сука блять бля пидор пидорас гандон мудак дебил долбоеб еблан нахуй пизда хуй шлюха урод тварь
    puta putas puto putos putamadre hijodeputa hdp mierda pendejo pendejos cabron cabrones cabrón maricon marica maricas culero
    verga chinga chingada chingar pinche joder gilipollas imbécil idiotas mongolo mongolico mongolicos subnormal retrasado retrasados
    concha conchatumare conchetumare ctm csm csmr ptm ptmr mrd mrda huevon huevones weon weones aweonao perra malparido gonorrea
    hijueputa jueputa pelotudo boludo forro malo malazo manco mancos cholo serrano basura basuras tarado estupido estupida cagon
    vai_tomar_no_cu tomarnocu tnc chupa caralho porra merda fdp filho_da_puta vsf vtnc arrombado arrombados viado viados lixo lixos buceta cuzao desgraçado otario corno
    macaco macacos burro burros imbecis retardado retardados verme
    putangina putang putanginamo tangina tanginamo tang_ina gago gagu gago_ka bobo bobong bubu tanga tangang ulol ulul tarantado
    pota potangina putcha punyeta leche inutil hayop kupal pakyu pakyo buang yawa piste pisti pokpok bayot
    anjing anjeng anjg bangsat bgst kontol kntl memek ngentot ngentod jancok jancuk goblok gblk tolol bego babi monyet asu
    tai kampret pukimak puki cibai cb bodoh bodo sial lancau lanjiao knn knnccb bangang pantek
    amk amq aq amina orospu orospucocugu oc pic siktir sikerim sik sikeyim gavat yavsak ananı anani anan salak gerizekali mal
    kurwa kurwy chuj chuja jebac jebany pierdol pierdole spierdalaj pizdo skurwysyn cwel debilu szmata
    hurensohn hurensöhne wichser arschloch fotze schlampe missgeburt spast spasti scheisse schwuchtel behindert
    putain connard connards salope encule pute ntm fdpute batard bouffon merde tg
    picka pizda_ti jebem jebote kurac kurvo peder retardu idiote stoka
    malaka malakas gamw gamiesai poutana skata kariolh mounopano
    kosomak kosomk kos sharmuta khara manyak kalb hmar airi kosa
    cao caonima cnm nmsl sb shabi tmd wocao gun_cnm nima
    vittu perkele saatana huora neger hora fitta jävla kuk
    muie pula pizda_ma sugi labagiule cazzo stronzo coglione troia vaffanculo merdoso dm dcm vcl clm lon ditme
    madarchod bhenchod behenchod bsdk chutiya chutiye gandu randi mc_bc lund harami kutta kutte bhosdike lodu
  `,
  harm: `
    kys kysnoob kms killyourself killurself suicide neckyourself die_in hang hanging noose drown bleach cancer aids tumor ebola
    stroke covid corona choke_on gas gassed lynch stab
  `,
  game_insult: `
    noob noobs n00b nub nubs noobie noobish newb newbs newbie nab nabs nap_noob naab noop nooob scrub scrubs trash trashes trashy
    thrash garbage rubbish waste useless uselles useles worthless_mid bot bots botting feeder feeders feedr feed feeding fed_ass inter
    inters inting griefer griefers griefing grief troll trolls trolling ruiner ruiners ruin ruining ruined boosted booster
    boostedanimal hardstuck lowelo elohell bronzie silvers iron herald heralds guardian_trash crusader_trash dogwater
    uninstall unistall uninstal delete quit throwers thrower throwing leaver leavers quitter ragequit afker tryhard tryhards sweat
    sweats smurfing hacker hackers scripter scripters maphack cheater cheaters cheating mediocre brain braincell braincells iq skilless
    skillless noskill unskilled blind handless weak weakest worst bad badly terrible horrible awful report reported muted mute
    carried ez easy ezz ezzz eazy izi ezpz ezgame ggez rekt owned outplayed outclassed stomped destroyed cry crying mad salty tilted
    malding mald toxicshit cope ratio l2p learn
  `,
  animal: `
    dog dogs doggo dawg monkey monkeys monke ape apes gorilla gorillas pig pigs piggy animal animals rat rats donkey donkeys cow
    cows cockroach roach roaches vermin parasite parasites insect insects worm worms snake goat_fucker sheep chimp chimps baboon
    jackal swine mutt ogre beast
  `,
  mild:
    `wtf wth omfg omg ffs damn dammit damnit goddamn hell heck fk jesus christ crap lmfao lmao af bs smh bruh shut stop hate mom
    mother mum mama mommy sister dad father family wife girlfriend mad`,
  friendly: `
    gg ggwp wp gj nice good great awesome amazing thanks thank thx ty tysm please pls plz sorry sry srry soz mb np gl hf glhf love
    loved like cool sick insane beautiful perfect wow pog poggers commend commends friend friends buddy mate bro brother haha lol xd win
    won well played help welcome congrats gz grats best happy fun enjoy respect cute hello hi hey
  `,
  you:
    `you u ur your youre you're yours yourself urself ya yall y'all thou these those this that he she him his her they them their hes
    shes he's she's guys`,
  self: `i im i'm me my mine we our us ours were_ myself ill i'll ive i've`,
};

/** The words of a kind. Longer terms have their words joined by `_`, and are for examples only. */
export function lexiconWords(kind: LexiconKind): string[] {
  return [...new Set(lists[kind].split(/\s+/).filter((word) => word !== ""))];
}

/** Number of a word's kind in {@link lexiconKinds}; the first list that names it counts. */
export const lexiconKindOf: ReadonlyMap<string, number> = new Map(
  lexiconKinds.map((kind, number) => lexiconWords(kind).map((word): [string, number] => [word, number])).reverse()
    .flat(),
);

/** Kinds whose words people hide, and which are looked for behind a disguise. */
const hiddenKinds: readonly LexiconKind[] = ["slur", "obscene", "insult", "game_insult", "foreign"];
/** Other languages' words are looked for behind masks only: with a letter left out they are often English. */
const foreignWords = new Set(lexiconWords("foreign"));
/** Forms that are words of their own, or short for others. */
const harmless = new Set(
  `batch botch bran cons drk hose mtd pens pts psych pst swat titled tts wrd stuf bst btt cnt dtr lrn ret rtn trs brn
  kidd dwn slt fast loud weird brian bost kisd lair cheat crap clod stank brin weka bld hckr jkoe jks irn wst`.split(
    /\s+/,
  ),
);

/** Disguised forms of words, each with the word: a vowel left out or masked, two letters changed over. */
export const disguises: ReadonlyMap<string, string> = new Map(
  hiddenKinds.flatMap((kind) => lexiconWords(kind)).filter((word) => word.length >= 4 && !word.includes("_"))
    .reverse().flatMap((word) => disguisesOf(word).map((form): [string, string] => [form, word]))
    .filter(([form]) => !lexiconKindOf.has(form) && !harmless.has(form)),
);

function disguisesOf(word: string): string[] {
  const forms = [word[0] + "*".repeat(word.length - 2) + word.at(-1), word[0] + word.slice(1).replace(/[aeiou]/g, "*")];
  const isForeign = foreignWords.has(word);
  const vowelless = word[0] + word.slice(1).replace(/[aeiou]/g, "");
  if (vowelless.length >= 3 && !isForeign) forms.push(vowelless);
  for (let i = 1; i < word.length; i++) {
    forms.push(`${word.slice(0, i)}*${word.slice(i + 1)}`);
    if (isForeign) continue;
    if (/[aeiou]/.test(word[i]!) && word.length >= 5) forms.push(word.slice(0, i) + word.slice(i + 1));
    // The first letter stays: it is what readers hold on to.
    if (i >= 2 && (word.length >= 5 || i === 2 || i === 3)) {
      forms.push(word.slice(0, i - 1) + word[i] + word[i - 1] + word.slice(i + 1));
    }
  }
  return forms;
}
