import { AGE, type AgePatterns, NEXT_AGE, patternOf } from './hint-patterns.ts';

const WRITTEN_OUT: AgePatterns['replacements'] = [
  [/\bdix[- ]sept\b/giu, '17'],
  [/\bdix[- ]huit\b/giu, '18'],
  [/\bdix(?= ans)/giu, '10'],
  [/\bonze\b/giu, '11'],
  [/\bdouze\b/giu, '12'],
  [/\btreize\b/giu, '13'],
  [/\bquatorze\b/giu, '14'],
  [/\bquinze\b/giu, '15'],
  [/\bseize\b/giu, '16'],
  [/(?<=\d) ?(?:ans?|piges|balais)(?!\p{L})/giu, ' ans'],
];

const MONTH =
  'janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre';
/** Years that aren't an age, as in "j'ai 15 ans d'expérience", go on with one of these words. */
const END = String.raw`(?! ?(?:d['’e]|en(?! (?:${MONTH}|seconde|premi[èe]re|terminale|troisi[èe]me|fait|vrai))|dans|à(?! peine)|avec|sans|plus|moins|chez|au(?! (?:lyc|coll))|pour|sur|derri[èe]re|que)(?!\p{L})| ?d['’])`;
const NOT_PAST = '(?<!(?:quand|lorsque|que|si) )';
const FILLER =
  '(?:ouais|oui|non|nan|bah|ben|euh+|moi|perso|et moi|salut|hey|coucou|bonjour|alors|en vrai|seulement|juste|que|bient[oô]t|presque|toujours|encore|bref|ok)';
const ADVERBS = String.raw`(?:(?:que|seulement|tout juste|juste|presque|bient[oô]t|à peine|a peine|encore|déjà|deja|genre|environ|actuellement|toujours|maintenant|en fait|bien|aussi|eu|pile|quasi|exactement|tout|seul[ée]?) )*`;
const I_HAVE = String.raw`(?<!\p{L})${NOT_PAST}(?:j['’ ]?ai|je n['’ ]?ai|j['’ ]?[ée]|g[ée]?|g[e']ai|(?:moi )?c(?:['’]?est)|moi c|on a|nous avons|je viens d['’ ]?avoir|je viens de fêter mes)`;
const WILL = String.raw`(?<!\p{L})(?:(?:je |j['’]?)vais (?:bient[oô]t )?(?:avoir|sur mes|fêter mes)|je fais|dans \p{L}+ \p{L}+ j['’ ]?ai|j['’ ]?aurai|j['’ ]?ai (?:presque|bient[oô]t))`;
const I_AM = String.raw`(?<!\p{L})(?:je suis|j['’ ]?suis|chuis?|suis|je ne suis|moi)`;
const PERSON =
  '(?:gars|mec|fille|garçon|garcon|meuf|ado|jeune|élève|lycéen(?:ne)?|collégien(?:ne)?)';

export const FRENCH_AGES: AgePatterns = {
  replacements: WRITTEN_OUT,
  stated: [
    `${I_HAVE} ${ADVERBS}${AGE} ans(?: et demi)?${END}`,
    // "J'ai 15" can also be a count, so only a few words may follow.
    `(?<!\\p{L})(?:j['’ ]?ai|moi) ${ADVERBS}${AGE}(?: ?$| ?[,!…?](?! ?\\p{Nd})| ?\\.(?= *$| +\\p{Lu})| (?:et toi|mdr|lol|tu|toi|mais j))`,
    `(?<!\\p{L})(?:c['’ ]?est|je m['’ ]?appelle|je suis|moi) \\p{L}{2,15},? ${AGE} ans${END}`,
    `^pas (?:encore )?18(?: ans)?(?: *$| *[.,!?…]| (?:dsl|d[ée]sol[ée]e?|lol|mdr)(?!\\p{L}))`,
    `${WILL} ${ADVERBS}${NEXT_AGE} ans${END}`,
    `(?<!\\p{L})mon (?:vrai )?[aâ]ge,? ?(?:c['’ ]?est|est(?: de)?|:) ?${AGE}|^[aâ]ge ?(?: est|:)? ?${AGE}`,
    `${I_AM} ${ADVERBS}[aâ]g[ée]e? de ${AGE} ans${END}`,
    `(?:^|${I_AM} )(?:une? )?(?:jeune )?${PERSON} de ${AGE} ans(?: *$| *[.,!?…]| (?:et|ici|de|qui)(?!\\p{L}))`,
    `(?<!\\p{L})(?:chui|j?suis|je suis) en (?:seconde|premi[èe]re|terminale|troisi[èe]me|[3-6] ?[èe]me),? ${AGE} ans`,
    `^${AGE}(?: ans)?,? (?:et )?(?:toi|vous|tu)(?!\\p{L})`,
    `^(?:${FILLER},? )*${AGE} ans(?: et demi)?(?: *$| *[.,!?…:;=]| (?:et|moi|lol|mdr|ici|h|f|toi|tu|s'il|dsl|d[ée]sol[ée]e?)(?!\\p{L}))`,
    `${I_AM} ${ADVERBS}(?:mineure?|(?:pas|même pas) (?:encore )?majeure?)(?!\\p{L})`,
    `(?<!\\p{L})(?:j['’ ]?ai|je n['’ ]?ai|g) (?:moins de|(?:toujours |même |encore )?pas (?:encore |tout à fait )?) ?18(?!\\p{N}| (?!ans)\\p{L}{4})`,
  ].map((source) => patternOf(source)),
};
