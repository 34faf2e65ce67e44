import type { AgePatterns } from './hint-patterns.ts';

/** Written-out ages that the patterns need as digits. */
const WRITTEN_OUT: AgePatterns['replacements'] = [
  // "Elf" is an English word too.
  [/(?<=\b(?:bin|erst|gerade|grade|werde|bald) )zehn\b/giu, '10'],
  [/(?<=\b(?:bin|erst|gerade|grade|werde|bald) )elf\b/giu, '11'],
  [/\bzw(?:ö|oe)lf\b/giu, '12'],
  [/\bdreizehn\b/giu, '13'],
  [/\bvierzehn\b/giu, '14'],
  [/\bf(?:ü|ue)nfzehn\b/giu, '15'],
  [/\bsech?zehn\b/giu, '16'],
  [/\bsiebzehn\b/giu, '17'],
  [/\bachtzehn\b/giu, '18'],
  [/(?<!\p{L})عشره?(?= (?:سنوات|سنين|اعوام)(?!\p{L}))/gu, '10'],
  [/(?<!\p{L})(?:احدي? عشره?|ا?حد[اع]شر?|ا?حداعشر?)(?!\p{L})/gu, '11'],
  [/(?<!\p{L})(?:اثنت?[اي] عشره?|ا?[ثتط]ن[اع]شر?|ا?[ثتط]ناعشر?)(?!\p{L})/gu, '12'],
  [/(?<!\p{L})(?:ثلاث|تلات|ثلث|تلت|ثل|تل)(?:ه? ?عشره?|تاشر?|[تط]عشر?|طاشر?)(?!\p{L})/gu, '13'],
  [/(?<!\p{L})اربع(?:ه? ?عشره?|تاشر?|[تط]عشر?|طاشر?)(?!\p{L})/gu, '14'],
  [/(?<!\p{L})خمس(?:ه? ?عشره?|تاشر?|[تط]عشر?|طاشر?)(?!\p{L})/gu, '15'],
  [/(?<!\p{L})ست?(?:ه? ?عشره?|تاشر?|[تط]عشر?|طاشر?)(?!\p{L})/gu, '16'],
  [/(?<!\p{L})سبع(?:ه? ?عشره?|تاشر?|[تط]عشر?|طاشر?)(?!\p{L})/gu, '17'],
  [/(?<!\p{L})(?:ثماني?|تمان|تمن|ثمن)(?:ه? ?عشره?|تاشر?|[تط]عشر?|طاشر?)(?!\p{L})/gu, '18'],
];

const AGE = String.raw`1[0-7](?!\p{Nd})`;
const SMILE = String.raw` {0,3}(?:[:;]-?[()DP]|\p{Extended_Pictographic})`;
/** End of a text part without a unit. In German a point after a number can make it an ordinal. */
const NO_UNIT = String.raw`(?: {0,3}$|${SMILE}| {0,3}(?:[,;!?…()/](?! ?\p{Nd})|\.(?= *$| +(?:und|du|wie|was) ))| +(?:und (?:du|selbst|ihr|komme?|wohne?|mag|mache?|liebe?|gehe?|aus)|aber|and|but|aus|geworden|lol|haha\p{L}*|xd|[mw] *$)(?!\p{L}))`;
const YEARS = String.raw`(?: ?(?:jahre|j)(?: (?:alt|jung))?)`;
const ADVERBS = String.raw`(?:(?:erst|gerade?|grade?|noch|immer|jetzt|schon|auch|ja|halt|nur|fast|leider|eigentlich|anfang|ende|heute|gestern|frisch|knapp|doch|vor kurzem) )*`;
const SOON = String.raw`(?:(?:bald|morgen|heute|demnächst|erst|ja|schon|dieses|nächste[ns]?|jahr|monat|woche|im \p{L}+|in \p{L}+ \p{L}+) )*`;
const SEX = String.raw`(?:w|m|weiblich|männlich|divers|mädchen|junge|frau|mann)`;

const ME = String.raw`(?:(?:ich|bin)[, ]+)*`;

const GERMAN = [
  `(?<!\\p{L})bin ${ADVERBS}${AGE}(?: ?jahre (?:alt|jung)(?!\\p{L})|${YEARS}?${NO_UNIT})`,
  `(?<!\\p{L})bin eine? ${AGE}[ -]?jährige`,
  `(?<!\\p{L})(?:weil|da|dass|obwohl) ich ${ADVERBS}${AGE}${YEARS}? bin(?!\\p{L})`,
  // Someone who turns 18 soon is under 18 now.
  `(?<!\\p{L})ich werde? ${SOON}1[0-8](?!\\p{Nd})${YEARS}?(?: *$| *[.!?…)](?! ?\\p{Nd})| und du)`,
  `(?<!\\p{L})(?:ich \\(${AGE}\\)|(?<!\\p{Nd} )[mw] ?${AGE} hier(?!\\p{L}))`,
  `(?<!\\p{L})(?:mein alter ist|alter:) ?${AGE}|^alter ${AGE}[.!]?$`,
  // Matches a line that consists of an age, such as "16 Jahre" or "w, 16".
  `^${AGE}${YEARS}(?:[ ,/]*${SEX})?[.!]?$`,
  `^${ME}${AGE}[ ,/]*${SEX}[.!]?$`,
  `^${ME}${SEX}[ ,/]*${AGE}${YEARS}?[.!]?$`,
  `^${AGE}(?:${YEARS}? bin ich(?!\\p{L})|[ -]?jährige|,?(?: und)? du *[?!]*$)`,
  `(?<!\\p{L})bin ${ADVERBS}(?:minderjährig|nicht volljährig|(?:unter|keine|nicht|u) ?18(?!\\p{Nd})${YEARS}?${NO_UNIT})`,
].join('|');

const YEARS_AR = String.raw`(?: ?(?:سنه|سنين|سنوات|عاما?|اعوام)(?!\p{L}))`;
/** End of a text part, or a question back. "15 years of experience" continues otherwise. */
const END_AR = String.raw`(?: {0,3}$|${SMILE}| {0,3}[.,،;؛!?؟…)/](?! ?\p{Nd})| +(?:و ?(?:انت\p{L}*|حضرتك|اسمي|من|ساكن\p{L}*|طالبه?|ادرس)|بس|لكن|هه+)(?!\p{L}))`;
/** Words before an age in the past, such as "when I was 15". */
const NOT_PAST = String.raw`(?<!(?:كان|وكان|كنت|من|منذ|مذ|لما|يوم|وقت|حين|عندما|بعد|قبل) )`;
const ONLY_AR = String.raw`(?:(?:بس|فقط|الان|الحين|حاليا|هو|لسه|لسا|تقريبا|حوالي|هلا|هلق|هسه|هسا|توي|دحين|دلوقتي?|[:=]) ?)*`;
const SEX_AR = String.raw`(?:ذكر|انثي|شابه?|ولد|بنت|رجل|امراه)`;
const ADULT_AR = String.raw`(?:(?:سن|عمر|ال) ?)*(?:18(?!\p{Nd})|الثامنه عشره?(?!\p{L}))`;

const ARABIC = [
  `(?<!\\p{L})${NOT_PAST}(?:عمري|سني) ?${ONLY_AR}${AGE}(?! ?(?:يوم|شهر|اسبوع))`,
  `(?<!\\p{L})${NOT_PAST}(?:عندي|لدي) ${ONLY_AR}${AGE}${YEARS_AR}${END_AR}`,
  `(?<!\\p{L})انا (?:${SEX_AR} |(?:ب|في )عمر )?${ONLY_AR}${AGE}${YEARS_AR}?(?:${END_AR}| من (?!(?:ال)?(?:خبره|عمل|زواج)))`,
  `(?<!\\p{L})(?<!لم )س?ابلغ (?:من العمر )?${AGE}(?:${YEARS_AR}|${END_AR}| قريبا)`,
  `(?<!\\p{L})(?:بلغت|اتممت|تميت|كملت|اكملت|دخلت) (?:ال ?)?${AGE}${YEARS_AR}${END_AR}`,
  `(?<!\\p{L})${NOT_PAST}في (?:سن )?ال(?:حاديه|ثانيه|ثالثه|رابعه|خامسه|سادسه|سابعه) عشره? من (?:عمري|العمر)`,
  // Matches a line that consists of an age, such as "16 سنة" or "ذكر، 16".
  `^${AGE}${YEARS_AR}(?:[ ,،/]*${SEX_AR})?[.!]?$`,
  `^${AGE}[ ,،/]*${SEX_AR}[.!]?$`,
  `^${SEX_AR}[ ,،/]*${AGE}${YEARS_AR}?[.!]?$`,
  `(?<!\\p{L})(?:انا|اني|انني) (?:لسه |ما ?زلت |لا زلت )?(?:قاصر[اه]?|(?:تحت|دون) السن القانونيه?)${END_AR}`,
  `(?<!\\p{L})(?:عمري|سني|انا) (?:اقل من|دون|تحت|اصغر من) ${ADULT_AR}`,
  `(?<!\\p{L})(?:ما (?:كملت|تميت|بلغت|وصلت|صار عمري)|ما? ?(?:كملت|تميت|بلغت)ش|لم (?:ابلغ|اتم|اكمل|اتجاوز)) (?:بعد )?${ADULT_AR}`,
].join('|');

export const GERMAN_ARABIC_AGES: AgePatterns = {
  replacements: WRITTEN_OUT,
  stated: [new RegExp(GERMAN, 'iu'), new RegExp(ARABIC, 'u')],
};
