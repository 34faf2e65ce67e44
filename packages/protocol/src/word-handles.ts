import { patternOf } from './hint-patterns.ts';
import { ARABIC_SERVICE, LATIN_SERVICE } from './services.ts';

/**
 * Account names that look like a word, such as "quietbirch on insta". A pattern shows where a name
 * stands in a sentence, and a list of usual words shows which words there are none.
 */

const SERVICE = `(?!(?<=en )face(?!b))(?:${LATIN_SERVICE}|youtube|spotify|venmo|vinted|hotmail|yahoo|gmx|icloud|(?:ع?ال|بال)?(?:${ARABIC_SERVICE}))(?!\\p{L})`;
const START = '(?<![\\p{L}\\p{N}@._-])';
const NAME = '@?(?<name>[a-z][a-z\\p{N}._-]{3,31})';
const END = '(?= {0,3}(?:$|[^\\p{L}\\p{N}\\s@#_-]|et toi|and u|y t[uú]|e vc|und du))';
const MY = '(?:my|m[oa]n|ma|mi|meu|minha|meine?)';
const IS =
  "(?: ?[:=-]>?| is| its| it['’]s| that['’]?s| c['’ ]?est| c| est| es| é| e| eh| ist| is| das ist| heißt| هو| هذا)";
const ON = '(?:on|at|sur|chez|en|no|na|em|auf|bei|in|علي|في|ع)';
const I_AM =
  "(?:i['’]?m|i am|je suis|j['’]?suis|chuis?|soy|eu sou|sou|bin(?: ich)?|heiß(?:e)?(?: ich)?|me llamo|me chamo|estoy como|to como|estou como|انا)(?: (?:also|aussi|auch|o|a|la|el|der|die|als))?";
const FIND =
  '(?:add|follow|find|look ?up|search(?: for)?|r?ajoute|cherche|(?<!(?:je |j|j.|moi ))suis|suivez|trouve|agr[eé]ga(?:me)?|a[ñn]ade(?:me)?|b[uú]sca(?:me)?|s[ií]gue(?:me)?|encu[eé]ntra(?:me)?|adiciona|segue|procura|acha|adde?|such|folge?|finde|ضيف|ضيفي|اضف|تابع|دور علي|ابحث عن)(?:[- ]?(?:me|moi|mich|mir|ni|ني))?(?: (?:as|como|par|sous|als|unter|nach|a|à))?';
const USER =
  '(?:name|user ?(?:name)?|handle|nick(?:name)?|id|tag|gamer ?tag|acc(?:ount)?|code|pseudo|compte|usuario|usuário|cuenta|conta|profil|perfil)';
const CHANNEL = '(?:channel|cha[iî]ne|canal|kanal)';

/** Each pattern with the least number of characters of a name, which is higher where usual words also stand. */
const SOURCES: readonly (readonly [source: string, least: number])[] = [
  // "quietbirch is my snap", "quietbirch thats my insta"
  [`(?:^|[,.:!] ?)${NAME}${IS}? ${MY} ${SERVICE}${END}`, 5],
  // "I'm quietbirch on insta"
  [`${START}${I_AM} ${NAME} ${ON} ${SERVICE}${END}`, 5],
  // "add quietbirch on insta", "follow me on insta quietbirch"
  [`${START}${FIND} ${NAME},? (?:${ON} )?(?:${MY} )?${SERVICE}${END}`, 5],
  [
    `${START}${FIND} (?:${ON} )?(?:${MY} )?${SERVICE},? (?:${I_AM} |${MY} ${USER} )?${NAME}${END}`,
    5,
  ],
  [`^${NAME} ${ON} ${SERVICE}${END}`, 8],
  // "my insta is quietbirch", "my insta quietbirch"
  [`${START}${MY} ${SERVICE}(?: ${USER})?${IS} ${NAME}${END}`, 5],
  [
    `${START}${MY} ${USER} (?:de |do |du |d['’]|no |en |on |sur |auf |bei |for )?${SERVICE}${IS}? ${NAME}${END}`,
    5,
  ],
  [`${START}${MY} (?:${SERVICE})(?: ${USER})? ${NAME} *$`, 6],
  [`${START}${SERVICE}(?: ?[:=]| ?->? ?| @ ?) ?${NAME}${END}`, 5],
  [`${START}${SERVICE} ${USER}${IS}? ${NAME}${END}`, 5],
  [`${START}${SERVICE}${IS} ${NAME}${END}`, 8],
  [`${START}${SERVICE} me(?: at| on|:| ?@)+ ?${NAME}${END}`, 5],
  [`^${SERVICE},? ${NAME}(?: *$| *[,!])`, 6],
  // "my channel is quietbirch"
  [
    `${START}${MY} ${CHANNEL}(?: (?:de |no |do |on |sur |en |auf )?youtube)?${IS}? ${NAME}${END}`,
    6,
  ],
  [`${START}${MY} youtube ?-?${CHANNEL}${IS}? ${NAME}${END}`, 6],
  // In an Arabic line, a Latin word after "my account" is its name.
  [`(?:يوزري|اليوزر|معرفي|حسابي|حساباتي|قناتي|ايدي|ستوري)[^\\n]{0,24} ${NAME}${END}`, 4],
];
const FRAMES = SOURCES.map(([source, least]) => ({ frame: patternOf(source, 'giu'), least }));

/** Words that stand next to a service and are no name. */
const USUAL: ReadonlySet<string> = new Set(
  [
    'surtout watched posted juste cherche regarde ecoute procura procurei escucho escuchando mirando estaba estava passei uploaded this that here what which where when there these those what it everyone everybody someone somebody anyone nobody people friends strangers something nothing both always never often rarely mostly mainly barely hardly still already again also only just really very super pretty quite maybe usually sometimes once twice sometime anytime whenever daily weekly today yesterday tomorrow tonight later soon back over down dead gone full empty slow fast free busy live online offline open active inactive private public famous popular verified hooked stuck addicted banned blocked hacked broken buggy laggy boring better best worse worst great good nice cool fine okay awesome crazy weird fake real same different gross trash garbage rubbish horrible terrible evil cringe funny useless pointless toxic fun hard easy weak random anonymous sucks died crash crashes lags froze broke works worked changed login account accounts video videos story stories stuff photo photos picture pictures post posts page pages profile profiles password username chat chats call calls group groups server servers channel status update updates version premium nitro deck sale sales store shop market marketplace reels shorts streak streaks filter filters sticker stickers dating reddit memes news music dance trend trends drama hype feed story addict user users instead please thanks first second more less most much many than then though with without about after before because since until from into during like love hate miss need want using only scam spam bots plus pro lite mini beta desktop mobile phone android iphone windows',
    'prive privee public publique mort morte vide nul nulle mieux pire ferme bloque supprime plante bugue marche rame encore jamais toujours souvent parfois beaucoup trop vraiment presque aussi pareil comme pour sans avec depuis avant apres quand alors donc mais voila tout tous toute toutes rien personne quelqu ancien nouveau nouvelle vieux actif active connecte seul seule accro chiant lent lourd pourri bien mal sympa cool drole compte comptes photo photos video videos histoire musique reseau reseaux internet gratuit gratuite celebre connu connue inscrit inscrite banni dessus dispo abonne abonnes jeunes vieux',
    'privado privada publico publica muerto muerta vacio vacia lleno nunca siempre mucho mucha muchos muchas poco poca nada nadie todo todos toda todas alguien algo mejor peor igual bueno buena malo mala feo nuevo nueva viejo vieja activo activa famoso famosa gratis rapido lento aqui ahora antes despues cuando como para porque pero tambien tampoco solo ayer hoy caido falla fallo murio anda funciona cuenta cuentas foto fotos gente amigos amigas jovenes adicto adicta fatal basura',
    'privada fechado morto morta vazio cheio nunca sempre muito muita muitos pouco ninguem todo todos tudo melhor pior igual bom novo nova velho ativo ativa famoso gratis lento agora antes depois quando como para porque tambem ainda ontem hoje travou caiu bugou bugado sumiu conta contas foto fotos gente amigos jovem viciado viciada lixo horrivel chato chata',
    'privat tot leer voll weg kaputt gesperrt langweilig besser schlechter nervt spinnt laggt lahmt geht ging immer noch nie niemals niemand jemand alle alles nichts viel viele wenig mehr meist meistens manchmal selten kaum schon wieder auch nicht nich nur sehr ganz echt einfach neu neue alt alte aktiv inaktiv online offline gratis schnell langsam heute gestern morgen jetzt damals bald dann hier dort wenn weil aber oder doch leute freunde videos bilder fotos konto profil account unterwegs angemeldet registriert bekannt stumm mist quatsch doof dumm toll super klasse schlimm furchtbar schrecklich sicherer schneller langsamer einfacher beliebter teurer praktischer cooler',
  ].flatMap((words) => words.split(' ')),
);
/** Endings of usual words. Some are also endings of long names. */
const ENDING =
  /(?:ing|ed|able|ible|ive|ous|ful|ly|ness|tion|ic|less|ers|ors|ies|ments|tions|ants|ias|dos|das|ores|ones|tif|sif|licher|isch|lich|iert|ado|ada|ido|ida|ando|endo|indo|aron|aram|mente|ait|ungs?|keit|heit|ique|eux|euse|oso|osa|ivo|iva)$/u;
const SHORT_ENDING =
  /^.{1,10}(?:al|ant|ante|ent|ente|ment|ary|ory|elt|igt|cht|ous?|eu|iu|che|ern|est|ies|ier)$/u;
const IS_SERVICE = patternOf(
  `^(?:${LATIN_SERVICE}|youtube|spotify|messenger|playstation|nintendo)$`,
);
/** Matches a name that is no word because it has a digit, a low line or a dot. */
const ODD = /[\p{N}_]|\.\p{L}/u;

/** Matches a text in which a frame can match. */
const SUBJECT = patternOf(`${SERVICE}|${CHANNEL}|يوزر|معرفي|حسا|قناتي|ايدي|ستوري`);

/** Whether a text has an account name that looks like a word. */
export function hasWordHandle(plain: string): boolean {
  if (!SUBJECT.test(plain)) return false;
  return FRAMES.some(({ frame, least }) =>
    [...plain.matchAll(frame)].some(({ groups }) => {
      const name = (groups?.name ?? '').replace(/[._-]{1,3}$/u, '').toLowerCase();
      return name.length >= least && !isUsual(name);
    }),
  );
}

function isUsual(name: string): boolean {
  if (IS_SERVICE.test(name)) return true;
  return !ODD.test(name) && (USUAL.has(name) || ENDING.test(name) || SHORT_ENDING.test(name));
}
