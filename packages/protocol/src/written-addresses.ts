import { patternOf } from './hint-patterns.ts';
import { ARABIC_SERVICE, LATIN_SERVICE } from './services.ts';

/**
 * Patterns of contact details that are written in words or as people name them in a chat. All
 * patterns are written for the output of `plainOf`.
 */

const COMMON_DOMAIN = 'com|net|org|de|fr|es|br|ch|at|be|uk|co|io|gg|me|pt|mx|ar|كوم|نت|اورج';
const DOT_WORD = '(?:dot|punto|ponto|point|punkt|نقطه|دوت)';
const OPEN = '[([{<] ?';
const CLOSE = ' ?[)\\]}>]';
/** "At" is a common word, so a written point must follow. */
const WEAK_AT = ' at ';
const STRONG_AT = `(?: ?@ | (?:ett|ät|klammeraffe|arroba|arobase?|ات|اي ?ت) | ?${OPEN}(?:at|a|ät|arroba|arobase?|@|ات)${CLOSE} ?)`;
const WRITTEN_DOT = `(?: ${DOT_WORD} | ?${OPEN}(?:\\.|${DOT_WORD})${CLOSE} ?)`;
const HOST = '[\\p{L}\\p{N}-]{1,63}';
const WORD_END = '(?![\\p{L}\\p{N}])';

const MY = '(?<!\\p{L})(?:my|m[oa]n|ma|mi|meu|minha|meine?)';

export const WRITTEN_EMAIL: readonly RegExp[] = [
  `[\\p{L}\\p{N}](?: at |${STRONG_AT})(?:g ?mail|hot ?mail|icloud)${WORD_END}`,
  `[\\p{L}\\p{N}]@(?:gmail|hotmail|icloud|outlook|yahoo|proton|gmx)${WORD_END}`,
  `[\\p{L}\\p{N}]${STRONG_AT}(?:outlook|yahoo|proton(?:mail)?|gmx|uol|laposte|جيميل|ياهو|هوتميل)${WORD_END}`,
  `[\\p{L}\\p{N}]${STRONG_AT}${HOST}(?: ?\\. ?|${WRITTEN_DOT})(?:${COMMON_DOMAIN})${WORD_END}`,
  `[\\p{L}\\p{N}]@[a-z\\p{N}-]{2,40},(?:com|net|org|fr|de|es|pt)${WORD_END}`,
  `[\\p{L}\\p{N}] (?:en|em|no|chez|bei|auf|sur|علي|في) (?:gmail|hotmail|outlook|yahoo|icloud|proton(?:mail)?|gmx|جيميل|ياهو|هوتميل)(?: ?\\. ?|${WRITTEN_DOT})(?:${COMMON_DOMAIN})${WORD_END}`,
  `[\\p{L}\\p{N}._-]{3,32} (?:g ?mail|hot ?mail|outlook|yahoo|icloud|gmx) (?:com|fr|es|de)${WORD_END}`,
  `(?:ايميلي|بريدي|ميلي)[^\\n]{0,6} [a-z][a-z\\p{N}._-]{2}`,
  `[\\p{L}\\p{N}]${WEAK_AT}${HOST}${WRITTEN_DOT}(?:${COMMON_DOMAIN})${WORD_END}`,
].map((source) => patternOf(source));

export const WRITTEN_LINK: readonly RegExp[] = [
  `[\\p{L}\\p{N}]{2}(?: \\. ?|${OPEN}(?:\\.|${DOT_WORD})${CLOSE})(?:com|net|org)${WORD_END}`,
  `(?<!\\p{L})(?:go (?:to|on)|visit|va sur|entra e[nm]|geh auf|ادخل(?: علي)?) ${HOST} ${DOT_WORD} [a-z]{2,3}${WORD_END}`,
  `[\\p{L}\\p{N}-](?<!(?:^| )the) (?:dot|punkt|نقطه|دوت) (?:com|net|org|de|ch|at|gg|io|كوم|نت|اورج)${WORD_END}`,
  // "Com" is the Portuguese word for "with", and "point net" is French for a clear point, so the
  // text must end after them.
  `[\\p{L}\\p{N}-] (?:punto|ponto|point) (?:com|net|org|fr|br|mx|gg)(?: (?:punto|ponto) \\p{L}{2})?(?: *$| *[.,;!?/)]| (?:slash|barra)(?!\\p{L}))`,
  `${MY} (?:site|website|web|blog|page|página|pagina|seite|shop|portfolio) (?:is |est |es |é |ist |: ?)?[a-z\\p{N}-]{2,}\\.[a-z]{2,10}${WORD_END}`,
  `[\\p{L}\\p{N}-]{2}\\.[a-z]{3,12}\\.(?:co|me|site|link|page|blog|art)${WORD_END}`,
  `[\\p{L}\\p{N}-] (?:${DOT_WORD}) ${HOST} (?:slash|barra|schrägstrich|سلاش) ${HOST}`,
  // A domain of any ending, with a path.
  '[\\p{L}\\p{N}-]{3}\\.[a-z]{2,8}/[\\p{L}@][\\p{L}\\p{N}_.-]{3}',
  // "De", "at" and "ma" are words, so a path must follow them, or the text must continue as after
  // a link.
  `[\\p{L}\\p{N}-]\\.(?:(?:ch|ae|eg|dz|iq|kw|qa|bh|jo|lb)${WORD_END}|(?:at|sa|ma|om|tn)/|de(?= {0,3}(?:$|[.,،;!?؟)]))|(?:com|net|org|info)(?=\\p{Script=Arabic}))`,
  `(?<!\\p{L})(?:auf|unter|bei|von|seite|homepage|website|site|p[áa]gina|página web|web|موقعي?|علي|رابط):? (?:es |é |est |is |ist )?[\\p{L}\\p{N}-]+\\.(?:de|at|sa|ma|om|tn|es|it|pt|be)(?![\\p{Script=Latin}\\p{N}])`,
].map((source) => patternOf(source));

/** Short names of services, which are also other words. */
const SHORT_SERVICE = 'dc|ds|sc|yt';
const SERVICE = `(?<!\\p{L})(?:${LATIN_SERVICE})(?!\\p{L})`;
/** What people write between a service and a name, such as ":", "->" or an emoji. */
const IS =
  "(?:(?: (?:name|user(?:name)?|handle|nick(?:name)?|id|tag|acc(?:ount)?|pseudo|compte|usuario|usuário|cuenta|conta))?(?: ?[^\\p{L}\\p{N}\\s.,;!?'’@]{1,4} ?|['’]s | (?:is|c|c['’ ]?est|est|es|é|e|ist|user) ))";
/** A name that a word of a sentence can't be, because it has a digit, a low line, a dot or #. */
const ODD_NAME =
  '@?(?=[\\p{N}_.#-]{0,30}[a-z])(?=[a-z\\p{N}_.#-]{0,30}[\\p{N}_#]|[a-z]{2,15}\\.[a-z])[a-z\\p{N}_.#-]{4,32}';
/** A name that is no word of any sentence, because it has a low line, two dots or many digits. */
const SURE_NAME =
  '(?<![\\p{L}\\p{N}_.-])@?(?:[a-z\\p{N}.]{2,24}_[a-z\\p{N}._]{0,24}|_[a-z\\p{N}._]{3,24}|[a-z]{2,16}(?:\\.[a-z\\p{N}]{2,16}){2}|[a-z]{4,20}\\p{N}{3,6})(?![\\p{L}\\p{N}@]|\\.\\p{L})';
const NAME = '@?[a-z][a-z\\p{N}_.#-]{3,31}';
/** Matches a name that is written letter by letter, such as "a.d.a.b". */
const SPELLED_NAME =
  '(?![a-z][ ._*-]([a-z])[ ._*-]\\1)[a-z\\p{N}](?:[ ._*-][a-z\\p{N}]){3,}(?![\\p{L}\\p{N}])';
/** Matches a word that is too long to be a usual one, unless it has the ending of a usual one. */
const LONG_NAME =
  '@?[a-z]{11,24}(?<!ing|ed|able|ible|ive|ous|ful|al|ly|ness|tion|ment|ic|ary|ory|less|ant|ante|ent|ente|isch|lich)';
/** Matches a word of at least seven letters after "my insta" that continues a sentence or names a part of an account. */
const USUAL_WORD =
  '(?:account|friends?|stor|video|pictur|photo|server|streak|profile|follow|username|password|comment|cuenta|perfil|seguidor|compte|konto|[a-z]{3,24}(?:ing|ed|able|ive|ous|ful|al|ly|ic|ent|ente|ant|iert|ert|elt|igt|cht|ado|ada|ido|ida|ou|eu|che|ait|ar|er|ir|en)(?!\\p{L}))';
/** What can follow a name at the end of a clause. */
const AFTER_NAME = '(?= {0,3}(?:$|[^\\p{L}\\p{N}\\s@#_-]))';
/** Words for the name of an account. */
const USER =
  '(?:name|user(?:name)?|handle|nick(?:name)?|id|tag|gamertag|acc(?:ount)?|pseudo|compte|usuario|usuário|cuenta|conta)';
const DESCRIBED =
  '(?:pri?v|public|púb|gone|down|dead|empty|full|boring|better|great|good|nice|cool|called|broken|banned|hacked|deleted|really|just|only|very|mort|toll|weg|leer|langweilig|besser|kaputt|gesperrt|fermé|vide|nul|mieux|bloqué|supprimé|vací|abandon|mejor|muy|melhor|vazi|muito|bloquead|what|where|when|there|here|that|this|quoi|pour|para|nicht|nich|noch|not|still)';
const ADD =
  '(?:add(?:e|et)?(?: me| mich)?(?: on| auf| bei)?|ajoutez?[- ]moi (?:sur|en)|rajoute[- ]moi sur|agr[ée]game (?:en|al?)|a[ñn][áa]deme (?:en|al?)|me (?:add|adiciona|segue|chama) n[oa]|sígueme en|folge? mir auf|follow me on)';

/** How people ask to be found in a service, and words before a name. */
const FIND =
  '(?:find|look(?: me)? up|search|add|hit me up|cherchez?|trouve|tu me trouves|ajoute|b[úu]sca(?:me)?|me encuentras|encu[ée]ntrame|agr[ée]game|procura|me acha|me procura|me encontra|such|finde(?:st|t)?|لاقيني|تلقاني|تلاقيني|دور علي|ضيفني|ضفني|ضيفيني|ضيفوني|تابعني|تابعوني)';
const FIND_ME =
  'find me|look me up|search me|add me|follow me|(?:cherche|trouve|ajoute|rajoute)[- ]moi|b[úu]scame|encu[ée]ntrame|agr[ée]game|s[íi]gueme|me (?:procura|acha|busca|adiciona|segue|encontra)|such mich|finde? mich|adde? mich|folge? mir|دور علي|ضيفني|لاقيني|تلاقيني|تابعني';
const CALLED = '(?:as|called|under|named|como|por|comme|sous|als|unter|باسم|اسمي(?: هناك)?)';

const THAT_IS_ME =
  "(?:(?:is|that['’]?s) (?:me|my)|(?:c|c['’ ]?est) (?:moi|mon)|soy yo|es mi|sou eu|é meu|(?:das )?bin ich|ist mein|hei(?:ß|ss)e? ich|everywhere|on everything|partout|(?:en|em) tod[oa]s?(?: (?:lados|partes|as redes))?|em tudo|überall|هذا انا|هذا حسابي|في كل مكان)";

export const NAMED_HANDLE: readonly RegExp[] = [
  `${SERVICE}[^\\n]{0,60}?[^\\p{L}\\p{N}_.]${SURE_NAME}`,
  `(?:${SERVICE}|(?:${ARABIC_SERVICE}))[^\\n]{0,20}?[^\\p{L}\\p{N}]${SPELLED_NAME}`,
  `${SERVICE} ?(?:is|its|it['’]s|[:=]|->) ${LONG_NAME}${AFTER_NAME}`,
  `(?<!\\p{L})(?:${FIND}|${CALLED})(?!\\p{L})[^\\n]{0,30}?[^\\p{L}\\p{N}_.]${SURE_NAME}`,
  `(?<!\\p{L})${FIND}(?!\\p{L})[^,.!?]{0,16} ${SERVICE}(?:[,:]| ${CALLED}|,? (?:é|es|c est|is)|[^\\n]{0,12} ${CALLED}) (?!${DESCRIBED})\\p{L}{3}`,
  `${SERVICE}[^\\n]{0,12}? ${FIND}(?!\\p{L})(?: mich| me)? ${CALLED} (?!${DESCRIBED})\\p{L}{3}`,
  `${MY} (?:@|gamertag|${USER} (?:de|do|du|no|en|on|sur|auf|for|bei|dans|d) ?['’]?(?:el |le )?(?:${LATIN_SERVICE})|(?:${LATIN_SERVICE}) ${USER})${IS}(?!${DESCRIBED})${NAME}(?: *$| *[,.!])`,
  `(?<!\\p{L})(?:${FIND_ME}) ${CALLED} (?!${DESCRIBED}|soon|many|much|well|often)\\p{L}{3}`,
  `(?<!\\p{L})arroba ${SURE_NAME}`,
  `(?:${SERVICE}|(?:${ARABIC_SERVICE})) ?: ?(?:@|at|ät|arroba|aroba[sz]e?|ات|اي ?ت) ?\\p{L}{3}`,
  `\\p{Script=Arabic}{3,12} ?: ?${ODD_NAME} *$`,
  // A name that is no word, and "that's me" or "everywhere".
  `${SURE_NAME},? ${THAT_IS_ME}(?!\\p{L})`,
  `(?:^|[^\\p{L}\\p{N}])@ ${SURE_NAME}`,
  '^@?[a-z\\p{N}.]{2,24}_[a-z\\p{N}._]{2,24} *$',
  `(?<![\\p{L}\\p{N}/])u/[a-z\\p{N}_-]{4,24}`,
  '(?<!\\p{L})cash ?app[^\\n]{0,12} \\$[a-z]{3}',
  `(?<!\\p{L})${MY} x(?: ${USER})?${IS} ?${ODD_NAME}`,
  `(?<!\\p{L})x (?:handle|user(?:name)?|acc(?:ount)?)${IS} ?@?[a-z][a-z\\p{N}_]{4}`,
  `^(?:${SHORT_SERVICE}) ${ODD_NAME} *$`,
  `(?:${SERVICE}|(?:${ARABIC_SERVICE}))[^\\n]{0,16} (?!(?:the|le|la|un|une|el|o|a|der|den) )[a-z\\p{N}]{2,20} ${DOT_WORD} [a-z\\p{N}]{2,20}${AFTER_NAME}`,
  `(?<!\\p{L})(?:${SHORT_SERVICE}) ?: ?${NAME} *$`,
  `${SERVICE}[^\\n]{0,20}? (?:hei(?:ß|ss)e?|bin|soy|sou|me llamo|i am|im|je suis|jsuis)(?: (?:da|dort|there|là|ich|a|o|el|la|eu|le))? ${ODD_NAME}`,
  `(?:${ARABIC_SERVICE})[^\\n]{0,20}? ${SURE_NAME}`,
  `(?:فيسبوك|فيس|الفيس) ?: ?\\p{L}{3}`,
  `${SERVICE} me (?:at|on)? ?${ODD_NAME}`,
  `(?:${MY} )?(?<!\\p{L})(?:${SHORT_SERVICE})${IS}${ODD_NAME}`,
  `(?:يوزري|معرفي|حسابي)[^\\n]{0,14} ${SURE_NAME}`,
  `[👻📸📷] ?:? ?${ODD_NAME}`,
  '(?<!\\p{L})live:\\.?[a-z]{3}',
  `${SERVICE}${IS}${ODD_NAME}`,
  `${SERVICE}(?: me)?,? (?:mio |meu )?${ODD_NAME}`,
  `(?<![\\p{L}\\p{N}.])[a-z][a-z\\p{N}]*(?:_[a-z\\p{N}_.]{1,29}|\\.[a-z\\p{N}_.]{3,29}) (?:(?:on|sur|en|no|auf|in) ${SERVICE}|(?:علي |في )?(?:ع?ال)?(?:${ARABIC_SERVICE}))`,
  // Matches a name with a number, as services give it to users with the same name.
  '(?<![\\p{L}\\p{N}])[a-z][\\p{L}\\p{N}_.-]{2,31}#\\p{Nd}{4}(?!\\p{N})',
  `${SERVICE} ?[:=] ?${NAME}(?: \\p{N}{1,4})?(?: *$| *[,.!])`,
  `^${MY} (?:${LATIN_SERVICE}) (?!${USUAL_WORD}|${DESCRIBED})@?[a-z]{7,24}${AFTER_NAME}`,
  `(?:${ARABIC_SERVICE}|${SERVICE})\\p{L}{0,2}[^\\n]{0,20}? \\p{L}{2,20}_[\\p{L}\\p{N}]`,
  `(?<![\\p{L}\\p{N}.])(?!(?:${LATIN_SERVICE}|video|story|live|online|app)(?!\\p{L}))[a-z][a-z\\p{N}_.]{3,31} (?:علي |في |ع)?(?:ال)?(?:${ARABIC_SERVICE})`,
  `(?<!\\p{L})${USER}(?: ?[:=]| (?:is|es|é|ist|c['’]?est|هو)|) ?${SURE_NAME}`,
  `(?:on|sur|en|no|auf|bei) ${SERVICE},? (?:hei(?:ß|ss)e? ich|me llamo|me chamo|my name is|je m['’]appelle|i go by) (?!${DESCRIBED})${NAME}${AFTER_NAME}`,
  `(?:تلقاني|تلاقيني|لاقيني|ضيفني|ضيفيني|دور علي)[^\\n]{0,12}(?:فيسبوك|الفيس|بالفيس) \\p{L}{2,} \\p{L}{2,}`,
  `(?<!\\p{L})${ADD} (?:my |mon |mi |meu |mein |le )?(?:${LATIN_SERVICE}):? (?!${DESCRIBED})${NAME}(?: *$| *[,.!])`,
  `(?<!\\p{L})(?:${SHORT_SERVICE}) ?[:=] ?${ODD_NAME}`,
  `(?<!\\p{L})(?:my|mon|mi|meu|mein) (?:${SHORT_SERVICE}) ${ODD_NAME}`,
  `(?<!\\p{L})(?:ع?ال|بال)?(?:${ARABIC_SERVICE})ا?ي? ?(?:هو |حقي |[:=] ?)?@?[a-z][a-z\\p{N}_.-]{2,31}`,
].map((source) => patternOf(source));

/** Full names of users in a service. Only their capitals tell them from other words. */
const I_AM =
  "(?:[Ii]['’]?m|[Ss]oy|[Mm]e llamo|[Ss]ou|[Jj]e suis|[Jj]suis|[Bb]in(?: ich)?|[Hh]ei(?:ß|ss)e?(?: ich)?)";
const FULL_NAME = '\\p{Lu}\\p{Ll}{1,20} \\p{Lu}\\p{Ll}{1,20}';
const IN_SERVICE = `(?:[Oo]n|[Ss]ur|[Ee]n|[Nn]o|[Aa]uf|[Ii]n) (?:${LATIN_SERVICE}|Facebook|Insta(?:gram)?|Messenger|LinkedIn|Xing)`;
const OF_NAMES = '(?:[Ff]acebook|[Ff]ace|[Ff][Bb]|[Ll]inked[Ii]n|[Mm]essenger|[Xx]ing|[Ss]trava)';
const SEEK =
  '(?:[Ff]ind|[Ll]ook(?: me)? up|[Ll]ook for|[Ss]earch(?: for)?|[Aa]dd|[Gg]oogle|[Cc]herche|[Tt]rouve|[Aa]joute|[Bb][úu]sca(?:me)?|[Aa]gr[ée]ga(?:me)?|[Pp]rocura|[Mm]e (?:procura|acha|adiciona|encontra)|[Ss]uch|[Ff]inde?|[Aa]dd?e?)(?:[- ](?:me|moi|mich|nach|a|à|por))?';
const CALLED_HERE =
  "(?:as|como|por|comme|als|unter|sous|under|je m['’]appelle|je suis|me llamo|me chamo|[Ii]['’]?m|soy|sou|est(?:oy|ou) como|to como|t[oô] como|hei(?:ß|ss)e? ich|bin ich|my name is)";
export const FULL_NAMES: readonly RegExp[] = [
  `(?<!\\p{L})${I_AM} ${FULL_NAME} ${IN_SERVICE}(?!\\p{L})`,
  `(?<!\\p{L})${OF_NAMES} ?(?:[:=-]|is|c|c['’ ]?est|es|é|ist) ?${FULL_NAME}`,
  `(?<!\\p{L})(?:[Mm]y|[Mm]on|[Mm]i|[Mm]eu|[Mm]ein) ${OF_NAMES} ${FULL_NAME}`,
  `(?<!\\p{L})${OF_NAMES} ?[:=] ?\\p{L}{2,20} \\p{L}{2,20} *$`,
  `(?<!\\p{L})${IN_SERVICE},? ${CALLED_HERE} ${FULL_NAME}`,
  `(?<!\\p{L})${IN_SERVICE},? ${FULL_NAME} *$`,
  `^${FULL_NAME},? ${IN_SERVICE}`,
  `(?<!\\p{L})${SEEK} ${FULL_NAME},? ${IN_SERVICE}`,
  `(?<!\\p{L})${SEEK} ${IN_SERVICE},?(?: (?:nach|a|à|por))? ${FULL_NAME}`,
  `اسمي (?:علي |في |ع ?)(?:ال)?(?:${ARABIC_SERVICE}|فيس) \\p{L}{2,} \\p{L}{2}`,
  `^(?:ال)?(?:فيس(?:بوك)?|لينكد ?ان)(?: ?[:=-])? (?!صار|هو|ما|مو|مش|كان|عندي|تعبان|بطيء|ممل|مليان|اليوم)\\p{L}{3,} \\p{L}{3,} *$`,
].map((source) => patternOf(source, 'u'));
