import { AGE, type AgePatterns, ageEnd, NEXT_AGE, patternOf } from './hint-patterns.ts';

const WRITTEN_OUT: AgePatterns['replacements'] = [
  [/\bten\b/giu, '10'],
  [/\beleven\b/giu, '11'],
  [/\btwelve\b/giu, '12'],
  [/\bthirt(?:ee|e)n\b/giu, '13'],
  [/\bfou?rt(?:ee|e)n\b/giu, '14'],
  [/\bfi(?:f|ve|v)t(?:ee|e)n\b/giu, '15'],
  [/\bsixt(?:ee|e)n\b/giu, '16'],
  [/\bsevent(?:ee|e)n\b/giu, '17'],
  [/\beighteen\b/giu, '18'],
  [/\bone[ -]three\b/giu, '13'],
  [/\bone[ -]four\b/giu, '14'],
  [/\bone[ -]five\b/giu, '15'],
  [/\bone[ -]six\b/giu, '16'],
  [/\bone[ -]seven\b/giu, '17'],
];

const MONTH = 'jan|feb|march|april|may|june|july|aug|sept?|oct|nov|dec';
/** Words after a number in which it isn't an age. Nearly all English units end with an s. */
const NO_AGE = String.raw`\p{L}{2,}(?<!i|wa|thi|ye|who|a)s|s|th|st|k|g|x|m|am|pm|min|hr|sec|km|cm|mm|kg|lb|ft|gb|mb|mph|feet|inch|mile|hour|minute|second|day|week|month|year|meter|metre|euro|dollar|pound|percent|per|people|men|women|children|hundred|thousand|million|up|down|behind|ahead|away|short|over|off|into|in|out|of|or|to|by|at|on|deep|high|tall|wide|long|left|under|above|below|points?|for|with|after|before|than|more|less|times|character|chord|key|scale|stock|stockwerk|bezirk|kapitel|semester`;
const WHEN = String.raw`(?:in|on|next|this|last|soon|tomorrow|yesterday|today|tonight|a (?:week|month|few|couple)|two|recently|just) ?`;
const END = ageEnd(
  String.raw`in (?:${MONTH}|school|year|grade|high)\p{L}*|(?!(?:${NO_AGE})(?!\p{L}))\p{L}+(?:['’]\p{L}+)?`,
  // German "im 15." continues with a noun.
  String.raw`\.(?= *$| +(?:i|and|you|u|what|how|so|but|my|from|where|hbu|wbu)(?!\p{L}))`,
);
const NOT_PAST = '(?<!(?:when|since|after|before|once|until|till) )';
const FILLER = '(?:uh+|u?h?m+|yeah|yes|no|well|lol|oh|only|just|still|hi|hey|ok|nope?|nah|yea)';
const I_AM = String.raw`(?<!\p{L})(?:i ?am|i['’\x60 ]m|ima|am i|(?:(?<=^|[,.!?…] {0,3}|(?<!\p{L})(?:${FILLER}|hello|and|but|so|cuz|cause|because|bc|since|that|actually|honestly|tho|ya) ))(?:im|am))`;
const ADVERBS = String.raw`(?:(?:only|just|still|like|actually|really|honestly|already|almost|nearly|about|around|barely|basically|technically|currently|now|also|literally|legit|kinda|lowkey|turned|turning|exactly|here) )*`;
const YEARS = String.raw`(?: ?(?:y\.?o|y\/o|years?[ -]olds?|yrs?[ -]olds?|yrs?|yr|yrs old|years of age)(?!\p{L}))`;
const SEX = '(?:[mf]|male|female)';

export const ENGLISH_AGES: AgePatterns = {
  replacements: WRITTEN_OUT,
  stated: [
    `${I_AM} ${ADVERBS}${AGE}(?:${YEARS}|${END}| ?[mf](?!\\p{L}))`,
    `${I_AM} ${ADVERBS}an? ${AGE}[ -]?${YEARS}`,
    `(?:^|[,.!] ?|(?<!\\p{L})${NOT_PAST}i (?:(?:just|only|finally|recently|actually) )*)(?:just |only )?turned ${AGE}(?:${END}| ${WHEN})`,
    `(?<!\\p{L})i(?:['’]?ll| will)(?: only| just| finally)? (?:be|turn) ${NEXT_AGE}(?:${YEARS}|${END}| ${WHEN})`,
    `(?:${I_AM}|(?<!\\p{L})i) (?:${ADVERBS}(?:turning|turn|almost|nearly|(?:about|going) to (?:be|turn)|gonna (?:be|turn))) ${NEXT_AGE}(?:${YEARS}|${END}| ${WHEN})`,
    `(?<!\\p{L})my (?:real |actual |true )?age(?:['’]?s| is|:)? ?(?:only |just )?${AGE}|^age(?: is|:)? ?${AGE}`,
    `^(?:${FILLER},? )*${AGE}${YEARS}(?: *$| *[,.!?;:…(]| (?:here|and|but|lol|wbu|hbu|u|you|so|from|btw|${SEX}|girl|boy|guy)(?!\\p{L}))`,
    `(?:${I_AM}|(?<!\\p{L})my name is) \\p{L}{2,15}, ?${AGE}(?:,|${YEARS}|[.!]? *$)`,
    `^not (?:yet )?18(?: yet| lol| sorry| *$)`,
    `(?<!\\p{L})i was born ${AGE} years ago`,
    // Matches a line that consists of an age and a sex, such as "16 m".
    `^${AGE}[ ,/]*${SEX}(?:[ ,/]*\\p{L}{2,3}| here)?[.!]?$`,
    `^${SEX}[ ,/]*${AGE}(?:[ ,/]*\\p{L}{2,3})?[.!]?$`,
    `${I_AM} ${ADVERBS}(?:(?:under ?|below |less than |younger than )18(?:${YEARS}|${END})|under ?aged?(?!\\p{L})|a minor${END}|not (?:even |yet |quite |an )*(?:18(?!\\p{N}| any ?more)|adult|of age))`,
    `^(?:still |yeah |yes |sorry |no )*(?:under ?18|underaged?|a minor)${END}`,
    `^(?:${FILLER},? )*${AGE}(?: ?[:;]-?[()/D]|,? (?:and |what about |how about )?(?:you|u|wbu|hbu|here|sorry)(?!\\p{L}))`,
    `(?<!\\p{L})(?:we(?:['’ ]?re| are) (?:both|all)|both of us are) (?:only |still )?${AGE}${END}`,
  ].map((source) => patternOf(source)),
};
