/**
 * How people talk in the chat of a game when they abuse nobody: templates, all our own.
 * @module
 */
import { group, type TemplateGroup } from "./chat_templates.ts";

/** The groups of harmless talk. */
export const benignGroups: readonly TemplateGroup[] = [
  group(
    "courtesy",
    [0.02, 2_600],
    `
    gg | gg | gg | ggs | gg wp | ggwp | gg wp all | gg all | wp | wp all | wp {hero} | wp {role} | wp guys
    well played | well played {hero} | well played all | good game | good game all | gl hf | glhf | gl | hf
    good luck | good luck have fun | have fun | hi | hi all | hello | hello guys | hey | hey guys | yo | sup | bye
    cya | gn | good night
    ty | ty {role} | ty {hero} | thx | thx {role} | thanks | thanks {hero} | thanks man | thank you | tyvm | np
    no problem | nw | no worries | sry | sorry | srry | sorry guys | sorry team | sry {role} | my bad | mb | my b
    my bad guys | my fault | all good | its ok | its okay | its fine | dont worry | no prob | happens | unlucky
    unlucky man | nt | nice try | nice try {role}
    nice | nice {thing} | {good} {thing} | {good} {thing} {hero} | {good} {hero} | {good} {role} | {good} job
    good job | gj | gj {hero} | gj team | gj guys | {good} | {good} one | that was {good} | nice one | wow
    wow {hero} | wow nice | nice team | good team | love this team | i love you {role} | best {role} | best {hero}
    best team | you are good | {hero} is good | good {hero} player | u play well | you played well
    {hero} played well | {hero} well played | commend | commend me | commend pls | commend {hero} | commended
    commend all | commended {role} | add me | add me after | add after game | party? | wanna party | duo? | again?
    one more? | rematch | next game? | good try | good call | great game | great comeback | what a game | fun game
    close game | that was close | close one | lucky | so lucky | luck | clutch | insane | crazy | sick play
    omg nice | omg wow | haha nice | lol nice | lol | lol | lmao | xd | xD | haha | hahaha | hehe | rofl | :D | :)
    :( | ;) | ^^ | o7 | <3 | rip | rip me | f | oof | welcome | welcome back | wb | congrats | gratz
    happy new year | merry christmas | happy birthday | respect | gg respect | you too | u too | same | same here
    me too | true | fair | fair enough | agree
  `,
  ),
  group(
    "call",
    [0.03, 4_200],
    `
    ss | ss {lane} | miss | miss {lane} | {lane} miss | {lane} mia | mia | mia {lane} | {hero} miss | {hero} mia
    {hero} missing | ss {hero} | {hero} ss | re | {hero} re | b | back | b b | bb | go back | b {lane} | back guys
    get back | go | go go | go go go | go {lane} | go {lane} pls | go all {lane} | push | push {lane}
    push {lane} now | def | def {lane} | defend {lane} | def pls | gank {lane} | gank {lane} pls | help {lane}
    help {lane} pls | help | help me | help pls | come {lane} | come | come {hero} | come fast | come help | lets go
    lets push | lets end | lets rosh | lets smoke | end | end pls | end fast | just end | end it | gg end | gg push
    finish | finish mid | just push | all {lane} | group | group up | group {lane} | group mid | wait | wait me
    wait for me | wait {hero} | wait {item} | wait for {item} | wait pls | dont go | dont dive | dont push
    dont fight | dont chase | no fight | no chase | stop chase | stay together | stay | stay back | play safe | safe
    farm | farm more | just farm | let me farm | split push | take tower | take {lane} | take rax | rax | tower
    kill tower | kill {hero} | kill {hero} first | kill him | kill them | kill all | focus {hero}
    focus {hero} first | stun {hero} | silence {hero} | hex {hero} | gank {hero} | shoot him | shoot the {hero}
    shoot {hero} | kill the dragon | kill the boss | kill rosh | kill baron | kill the courier | smoke | smoke pls
    smoke gank | smoke {lane} | rosh | rosh ? | rosh? | rosh now | baron | dragon | drake | nash | roshan now
    go rosh | ward | wards | ward pls | ward {lane} | wards pls | need wards | buy wards | buy {item}
    buy {item} pls | need {item} | i need {item} | i have {item} | i have ult | no ult | no mana | no {item}
    no {item} yet | {item} ready | ult ready | ult in {num} | {num} sec | {item} in {num} sec
    {num} gold for {item} | use {item} | use ult | save ult | {hero} no ult | {hero} no {item} | {hero} has {item}
    {hero} used {item} | {hero} no flash | no flash {lane} | flash down {lane} | {hero} low | {hero} low hp
    {hero} one hit | {num} hp | low | low hp | im low | im oom | oom | {hero} oom | im dead | dead | im coming
    coming | omw | on my way | otw | tp | tping | tp {lane} | tp pls | i tp | {hero} {lane} | {hero} invis
    {hero} is {lane} | {hero} is top | all {lane} | they are {lane} | they rosh | they are rosh | they smoke
    they have smoke | careful | careful {lane} | careful {hero} | careful {role} | care {lane} | care {hero} | care
    watch {lane} | i go {lane} | i {lane} | me {lane} | i carry | i support | im {role} | me {role} | i can {role}
    can i {lane} | can i {role} | i want {lane} | {role} pls | {role} please | {hero} {role} | {hero} go {lane}
    swap | swap ? | swap lane | change lane | trade lane | last pick | pick {hero} | pick support | pick {role}
    ban {hero} | ban {hero} pls | who {role} ? | who mid | who supp | first pick | i pick {hero} | random | repick
    we need {role} | need tank | need heal | need stun | we win | we can win | we can win this | we got this
    we lost | we lose | gg we lost | dont give up | keep going | its winnable | still winnable | we outscale
    {num} v {num} | {num}v{num} | {num} left | {num} down | one down | {num} min | ff ? | ff | ff15 | ff15?
    ff at 15 | surrender ? | gg ff | open mid | open | report stream bug | report the bug | bug | is this a bug
    mid no {item} | mid mia {num} | bot lane | bot lane push | bot lane pls | bot tower | top tower | go bot
    push bot | tp bot | gank bot | help bot | bot mia | ss bot | rotate bot | i go bot | def bot | care bot
    all bot
    enemy {lane} | enemy {hero} {lane} | two {lane} | plant a | plant b | rush b | rush a | rotate | one long
    flash out | smoke mid | eco | save | full buy | drop pls | drop me | nade | heal me | heal pls | heal | rez pls
    res me | shield me | need ammo | reload | he is behind | behind you | on your left | left | right | one shot
    he is one shot | last one | cap the point | on point | payload | move the cart | high ground | dont high ground
    kill the adds | tank the boss | interrupt | dispel | kick him from the boss | pull the boss | loot pls
    need on loot | ready ? | r | ready | rdy | brb | brb 1 min | afk 1 min | afk {num} min | back now | im back
    phone brb | door brb | 1 sec | 1 min | sec | moment
  `,
  ),
  group(
    "small_talk",
    [0.03, 2_600],
    `
    {yes} | {yes} | {yes} | ? | ?? | ??? | ! | . | .. | ... | . . . | what | what ? | why | why ? | how | how ?
    who | who? | where | where ? | when | when? | really | really? | rly ? | what is that | what is this
    what do you mean | what happened | what happend | how much | how many | how long | {ping} | i {ping} | im {ping}
    so much {ping} | sorry {ping} | sry {ping} | my {ping} | {ping} sry | server {ping} | server ? | what server
    is the server down | pause | pause pls | pls pause | pause {num} min | pause dc | unpause | unpause pls | unp
    can we unpause | wait him | wait {hero} dc | he dc | {hero} dc | {hero} disconnected | {hero} afk | afk
    {hero} is afk | {role} afk | {role} dc | wait for {role} | ok go | ok unpause | ok ready | g | go ? | can go
    u can go | safe to leave | safe leave ? | can leave | where are you from | from ? | where from
    im from {nation} | i am {nation} | {nation} ? | any {nation} here | {nation} here | i live in {nation}
    speak english | english pls | english please | no english | do you speak english | sorry no english
    i speak {nation} | my friend is {nation} | the {nation} team won | nice {nation} player | {nation} music
    my boyfriend is playing | im a girl | my wife plays too | i am gay and i play {role} | my {mom} is calling
    my {mom} says hi | gotta go | gtg | g2g | need to eat | dinner | work tomorrow | school tomorrow | im tired
    sleepy | hungry | i need sleep | what time is it | how old are you | im {num} | same rank | what rank
    what is your mmr | whats ur mmr | my mmr is {num}k | my first game today | first game today
    my first time {hero} | first time {hero} sorry | new to this hero | im new | im new here | new player
    i never play {hero} | i dont play {role} | im learning {hero} | can you teach me | what build | what items
    what item next | good item | skin ? | nice skin | where did you get that | set ? | nice set | i like {hero}
    i love {hero} | love {game} | i love this game | good game so far | {hero} is op | {hero} op | {hero} so strong
    {hero} is strong | {hero} too strong | {hero} broken | nerf {hero} | buff {hero} | pls nerf {hero}
    {hero} is fed | {hero} farmed | {hero} so fat | {hero} too fat | {hero} is big | {hero} lvl {num}
    {hero} is {num} 0 | {num} kills | {num} deaths | {num}/{num} | {num} - {num} | late game | we are late | early
    we need late | they have late | {hero} late game | interesting | funny | so funny | lol what | lol why | lol ok
    lol {hero} | lol wait | lol yes | haha yes | haha true | omg | omg lol | omg yes | oh | oh no | oh ok | ah
    ah ok | aha | hmm | hm | eh | ah well | oh well | whatever | let it go | its just a game | just a game guys
    just play | play guys | just have fun | relax | chill | calm | calm down | guys calm | no flame pls
    stop arguing | dont fight guys | be nice | be friendly | lets play | focus guys | focus | concentrate | try
    lets try | try hard guys | i try | i tried | i will try | sorry i will play better | i can carry | trust
    trust me | believe | easy now | easy guys | take it easy | its not easy | this is hard | hard game | hard lane
    hard mid | my lane is hard | lost lane | i lost mid | i won lane | i won mid | i died | i die | died again
    dead again | i die to {hero} | they killed me | {hero} killed me | {hero} kills me | i will die | will die
    we die | dont die | dont die {role} | no die | try not to die | i will kill {hero} | we can kill {hero}
    can we kill him | almost | almost dead | almost killed | so close | close | missed | i missed | miss my ult
    missed my {thing} | bad luck | bad timing | bad position sorry | bad {thing} by me | bad ping | bad internet
    too bad | not bad | my bad i thought | damn | damn {hero} | damn nice | damn that was {good} | holy | holy moly
    jesus | god | my god | oh my god | oh man | aw man | aww | bruh | bro | dude | man | what a {thing}
    what a {thing} by {hero} | that {thing} was {good} | how did you {thing} | hook was {good}
    monkey king is {lane} | mk is {lane} | beast master | pig form | dog of sf | spirit bear | kill the bear
    buy chicken | kill chicken | donkey died | courier died | feed the courier | use courier pls
    stop using courier | buy courier | trash talk off | recycle bin
  `,
  ),
  group(
    "friendly_swearing",
    [0.13, 1_800, 2.5],
    `
    holy shit | holy shit {good} | holy shit {hero} | holy shit that {thing} | holy shit that was {good}
    holy fuck that was {good} | oh shit nice | oh shit waddup | damn son | damn bro nice | hell yeah | hell yes
    fuck yeah | fuck yes | fuck yea boys | my internet sucks today lol | fucking {good} | fuckin {good}
    fking {good} | fucking {good} {thing} | that was fucking {good} | that was fkin {good} | so fucking {good}
    {hero} is fucking {good} | this is the shit | good shit | good shit {role} | good shit man | nice shit
    nice as fuck | clean as fuck | funny as fuck | funny as shit | lmfao | lmao wtf nice | wtf nice {thing}
    wtf so {good} | wtf that was {good} | no fucking way lol | lets fucking go | lets fucking gooo | lfg
    we fucking did it | fuck im good | im fucking laughing | fuck yeah we won | shit that was close
    damn that was close as hell | im a beast | you are a beast | what a beast | you beast | sick bastard nice play
    crazy bastard lol gj | you lucky bastard haha | {swear} {good} | {swear} that was {good}
    {swear} {who} {act} {obj} | {swear} i {act} {obj} | {swear} the {noun} {is} {neutral} | {swear} we {act}
    {swear} what a {thing} | that was {fing} {good} | {fing} {good} {noun} | {fing} {neutral} lol
    so {fing} {good} man | this {noun} is {fing} {good} | {good} as fuck | {neutral} as fuck | {neutral} as hell
    {neutral} as shit lol | i love this shit | love that shit | that {noun} goes hard as fuck | we {fing} {act} it
    no {fing} way {who} {act} {obj} | no shit | no shit lol | scared the shit out of me | kicked my ass
    that boss kicked my ass | my ass is {neutral} | laughing my ass off | thats some {good} ass {noun}
    {neutral} ass {noun} | {good} shit | {good} shit {name} | ah shit here we go again | oh shit i forgot
    oh fuck i forgot {item} | oh shit its {name} | oh shit {name} | fuck yeah {name} | hell yeah {name}
    hell no lol | what the hell {good} | so proud of you fuck yeah | {fing} finally | finally {swear} | well shit
    hot damn | best damn {noun} ever | magnificent bastard | lucky bastard {name} | badass | badass {thing}
    kick ass | kicked their ass gg | bad ass hero | love you bitches <3 | love you guys fuck yeah
    i fucking love this game | i fucking love you guys | fucking love {hero} | insane shit
    {name} is a fucking {hail} | this guy is a fucking {hail} | bro is a fucking {hail} | what a fucking {hail} | {who} {is} a goddamn {hail}
    best fucking {noun} ever | best fucking {thing} {obj} | the best damn {thing} | this {noun} fucking {rocks} | {name} fucking {rocks}
    this {noun} {rocks} as fuck | so fucking {hyped} | im so fucking {hyped} | fucking {hyped} for {noun} | let's fucking {act}
    lets fucking {act} {who} | fuck it we {act} | fuck it im in | fuck it lets {act} | {good} fucking {noun} | hot damn {good}
    hot damn {name} | kicking ass {obj} | we are kicking ass | kicked so much ass | dope ass {noun} | fire ass {noun} | {good} ass {thing}
    sick ass {thing} | {good} as shit | hell of a {thing} | one hell of a {noun} | damn fine {noun} | god damn {good} | god damn that {thing}
    crazy bastards | you crazy bastards did it | love you bastards | you son of a gun | you absolute {hail} | you fucking {hail}
    you fucking did it | you fucking got it {name} | he fucking did it | she fucking did it | lmao i shit myself at that {thing}
  `,
  ),
  group(
    "stream_chat",
    [0.03, 1_300],
    `
    what song is this | song name ? | song? | what game is this | is this live | when is the next game
    when does it start | first time here | hello chat | hi chat | hi streamer | hi from {nation} | love the stream
    love this song | great stream | best stream | this song is {good} | {good} stream | i subbed | {num} months
    {num} months sub | thanks for the sub | gift me a sub | raid | hello raiders | welcome raiders | hype
    lets gooo | lets go | poggers | pog | pog {thing} | that was pog | clip it | clip that | someone clip that
    what a {thing} | he did it | she did it | he is so good | she is so good | he is cracked | she is cute | cute
    cute dog | show the dog | dog cam | where is the dog | my dog loves this stream | cat | show cat | nice hair
    nice shirt | what mic is that | what keyboard | what sens | what dpi | what res | what headset | !uptime | !song
    !sens | !rank | he died | he is dead | boss is dead | kill the boss | kill him | shoot him | shoot the head
    stab him | blow it up | burn it | use the bomb | use the gun | run | run away | hide | behind you | go left
    go right | jump | dodge | parry | heal | drink potion | check the chest | read the note | skip | skip this
    skip the cutscene | dont skip | no spoilers | spoilers | ad | ads | ads again | {num} ads | mute tab | volume
    volume up | game volume | mic muted | your mic is muted | mic is quiet | stream lagging | stream froze
    audio desync | refresh | f5 | works for me | same for me | am i lagging | {num}p | chat is fast | chat slow down
    slow mode | subs only | mods | mod | mod me | mods clean up | link? | discord link | when is tournament
    who won | who is playing | who are they | what team | score? | {num} {num} | map {num} | game {num} | next map
    last game | finals tomorrow | gg that was close | black screen | blackscreen | white screen | black desert
    dark souls | die hard | resident evil | call of duty | world war | hitman | sniper elite | killing floor
    dead by daylight | death stranding | assassins creed | counter strike | grand theft auto | gay bar song
    the jewish community | my black friend | muslim holiday today | happy pride month | trans rights
    women in esports | asian food | i am black | i am trans | im gay | i am muslim | i am jewish | im asian
    im a woman | as a lesbian | as a black man | my gay friend | my mom is chinese
  `,
  ),
  group(
    "conversation",
    [0.04, 5_200],
    `
    {who} {can} {act} {obj} | {who} {can} {act} | {who} {act} {obj} | {who} {act} {obj} and {act} {obj}
    {who} {can} {act} {obj} {obj} | if {who} {act} {obj} {who} {can} {act} {obj} | {ask} {who} {act} {obj}
    {ask} {who} {can} {act} | {ask} did you {act} {obj} | {ask} are you {act} {obj} | {ask} is {who} {act} {obj}
    why did you {act} {obj} | why did you {act} | why you {act} | why u {act} {obj} | why are you {neutral}
    why are you {lane} | why is he {neutral} | what are you doing | what are you doing {obj} | what is he doing
    what are we doing | what did you {act} | what do you {act} | where are you | where are you going
    where is {role} | where is my {role} | who is {role} | how did you {act} {obj} | how do i {act} {obj}
    how can i {act} | when did you {act} | when can we {act} {obj} | can you {act} {obj} | can you {act}
    could you {act} {obj} pls | can you stop | can someone {act} {obj} | do you {act} {obj} | did you {act} that
    did you see that | are you {neutral} | are you {neutral} ? | are we {neutral} | r u {neutral} | u {neutral} ?
    are you sure | are you ok | are you there | are you there {role}
    the {noun} {is} {neutral} | this {noun} {is} {neutral} | that {noun} {is} so {neutral}
    my {noun} {is} {neutral} | your {noun} {is} {neutral} | ur {noun} {is} {neutral} | he {is} {neutral}
    she {is} {neutral} | they {is} {neutral} | we {is} {neutral} | i am {neutral} | im {neutral} | im so {neutral}
    im not {neutral} | you are {neutral} | you're {neutral} | hes {neutral} | its {neutral} | it {is} {neutral}
    it {is} not {neutral} | so {neutral} | too {neutral} | not {neutral} | very {neutral} | {neutral} {noun}
    what a {neutral} {noun} | nice {noun} | good {noun} | i like the {noun} | i like your {noun} | i love my {noun}
    i have a {noun} | you have a {neutral} {noun} | i need a {noun} | i want a {neutral} {noun}
    where is the {noun} | who has the {noun} | is that a {noun} | is this your {noun} | look at the {noun}
    look at that {noun} | check the {noun} | {noun} ? | {noun} | the {noun} | my {noun} | {neutral}
    {neutral} {role} | {hero} {neutral} | {hero} {is} {neutral} | {role} {is} {neutral} | {act} {obj}
    dont {act} {obj} | dont {act} | just {act} {obj} | please {act} {obj} | pls {act} | lets {act} {obj}
    let me {act} {obj} | let him {act} | {act} {obj} {role} | {role} {act} {obj} | {hero} {act} {obj}
    you should {act} {obj} | u should {act} {obj} | you should have {act} {obj} | you could {act} {obj}
    you can {act} it | you have to {act} | u need to {act} {obj} | you need {item} | you were {neutral}
    you did {neutral} | you didnt {act} | you dont need {item} | you dont have to {act} | you know {who} {act} {obj}
    i think {who} {can} {act} {obj} | i guess {who} {act} | i hope {who} {act} {obj} | i wish {who} could {act}
    i know | i dont know | i didnt know that | i dont think so | i think so | i was {neutral} | i was {lane}
    i will {act} {obj} | i should have {act} | i thought {who} {act} | maybe {who} {can} {act} | tell him to {act}
    ask {role} to {act} {obj} | he said {who} {act} {obj} | that's what i said | thats {neutral}
    that was {neutral} | that was a {neutral} {noun} | this is {neutral} | this is a {neutral} {noun}
    there is a {noun} {obj} | no one {act} {obj} | nobody {act} {obj} | someone {act} {obj}
    {group} are great | {group} are people too | i respect {group} | i love {group} | my friend is from {nation}
    there are many {group} here | {group} deserve respect | i grew up with {group} | a movie about {group}
    {group} love this game | {group} play too | rights for {group} | how do {group} feel about this
    proud of {group} | {nation} | {nation} server | {nation} team | {nation} players are good
    the {nation} are strong | {nation} {role} | are you {nation} | is he {nation} | im {nation}
    i am {nation} and i like {noun} | i learn {nation} | {nation} food is {neutral} | greetings from {nation}
    any {nation}s here ? | we are {nation} | my {mom} is {nation}
  `,
  ),
  group(
    "names",
    [0.03, 3_600],
    `
    {name} | {name} | {name} {name} | {name} {name} {name} | go {name} | {name} {lane} | {name} {thing} | {name} ?
    {name} ! | {name} {is} {neutral} | the {name} | a {name} | {name}'s {noun} | {name} vs {name} | {name} or {name}
    i like {name} | i main {name} | {name} main | {name} player | gg {name} | wp {name} | hi {name} | hello {name}
    hey {name} | thanks {name} | ty {name} | sorry {name} | lol {name} | {name} lol | {name} xd | poor {name}
    rip {name} | {name} {num} | {name} {num} {name} | {name} plays {name} | {name} is from {name} | what is {name}
    who is {name} | where is {name} | when is {name} | is {name} playing | {name} won | {name} lost | {name} died
    come on {name} | nice {name} | {name} nice | {name} pls | {name} help | of course | of course {name}
    of course not | team {name} | {name} team | {name} fans | {name} gang | {name} time | {name} moment
    {who} {act} {name} | {act} {name} | {name} {act} {obj} | {ask} {who} {act} {name} | {name} in {name}
    {name} with the {noun} | {name} has {item} | {num} {name} | {name} and {name} | {neutral} {name}
  `,
  ),
  group(
    "other_language_harmless",
    [0.04, 1_500],
    `
    {polite} | {polite} | {polite} {polite} | {polite} {role} | {polite} {hero} | {hero} {polite} | {polite} {lane}
    {polite} {name} | {polite} {tail} | gg {polite} | {polite} gg | go {polite} | {polite} pls | {lane} {polite}
    {polite} {item}
  `,
  ),
];
