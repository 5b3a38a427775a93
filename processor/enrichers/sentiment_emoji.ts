/**
 * What emoji and emoticons feel like, on the scale of words: −4 to 4.
 * @module
 */

const emojiByValence: readonly [valence: number, emoji: string][] = [
  [2.6, "❤ 💕 💖 💗 💓 💘 💝 💞 😍 🥰 😘 🤩 🥳 🎉 🎊 🏆 🔥 💯 💜 💙 💚 💛 🧡 🤍 🖤 💟 ♥ 🫶 🐐 👑"],
  [
    2,
    "😀 😃 😄 😁 😊 🙂 😇 ☺ 😎 🤗 👍 👏 🙌 🙏 💪 ✨ ⭐ 🌟 🚀 ✅ 😺 😸 😻 🤝 👌 🤙 🤘 😋 😌 🥹 🎶 🌹 🌸 🌈 💐 🍀 🥂 🍻 🙋 👋",
  ],
  [1.3, "😂 🤣 😆 😅 😹 💀 ☠ 😜 😝 😛 🤪 😏 😉 😈 🤭 🕺 💃 😳 🤠"],
  [-1.1, "😐 😑 😬 🙄 😒 😶 🤨 😕 🥴 😟 😰 😨 😓 🤡 🥱 😴 🤦 🧐 🐒 🫠"],
  [-2, "😢 😭 😞 😔 😩 😫 😣 😖 🙁 ☹ 😿 😱 😠 😡 🤬 👎 💔 🤮 🤢 😤 👿 💩 🖕 😥 😪 🥺 🚮 🗑 ❌ 😾"],
];

const emoticonByValence: readonly [valence: number, emoticons: string][] = [
  [2.5, "<3 <33 <333 <3333 ♥ (: :3 ^^ ^_^ ^-^ ^.^ \\o/ n_n uwu UwU OwO owo"],
  [1.8, ":) :-) :)) :))) =) :] :D :-D =D xD XD xDD XDD xd Xd ;D ;) ;-) :P :-P :p ;P ;p B-) c: C: 8) =] :^) (^:"],
  [
    -1.7,
    ":( :-( :(( :((( =( :[ ): )): D= D; :'( ;( ;_; T_T TT_TT T.T ;-; Q_Q QQ >:( >:[ >_< >.< :c :C :< ._. -_- -.- -__- :@ D:<",
  ],
  [-1.1, ":/ :-/ :\\ :-\\ :| :-| =/ =\\ :s :S :$ >:/ .-. u_u x_x X_X 3: v_v"],
];

const list = (groups: readonly [number, string][]): [string, number][] =>
  groups.flatMap(([valence, names]) => names.split(/\s+/).map((name): [string, number] => [name, valence]));

/** Valence of an emoji, by its first code point. */
export const emojiValences: ReadonlyMap<number, number> = new Map(
  list(emojiByValence).map(([emoji, valence]) => [emoji.codePointAt(0)!, valence]),
);

/** Valence of an emoticon. */
export const emoticonValences: ReadonlyMap<string, number> = new Map(list(emoticonByValence));
