import { patternOf } from './hint-patterns.ts';

/**
 * Patterns of a user's own full name together with where they work, which is enough to find a
 * person. All patterns are written for the output of `plainOf`. A name alone is no hint, because
 * people also tell their first name, and names of others.
 */

const INTRO =
  "(?:(?:hi |hey |hello )?(?:my (?:full |real )?name(?: is|['’]s)|i['’]?m|i am|call me)|(?:je )?m['’]appelle|jm['’]appelle|je suis|j['’]?suis|moi c(?:['’ ]?est)?|mon nom(?: complet)?,?(?: c(?:['’ ]?est)?)?|mon nom est|(?:yo )?soy|me llamo|mi nombre(?: completo)? es|(?:eu )?sou (?:o|a)|sou|(?:me )?chamo(?:-me| me)?|meu nome(?: completo)? é|(?:ich )?bin(?: der| die)?|ich hei(?:ß|ss)e?|hei(?:ß|ss)e?|mein (?:voller )?name ist|انا|اسمي(?: الكامل)?|معك)";
const NAME = "[\\p{L}'’-]{2,20}";
/** Words that begin the next clause, and no name. */
const NOT_NAME =
  '(?!(?:und|and|et|y|e|i|ich|je|yo|eu|from|aus|و(?:انا|اعمل|اشتغل|ا?درس))(?!\\p{L}))';
const TWO_NAMES = `${NAME} ${NOT_NAME}(?:${NAME} ${NOT_NAME})?(?:(?:de|da|do|dos|van|von|el|al|bin|ben) )?${NAME}`;
const AT =
  '(?:at|for|in|from|chez|a|à|au|aux|en|dans|pour|del?|para|n[oa]s?|em|d[oa]|bei|beim|im|am|an der|auf der|في|ف|ب|عند|لدي)';
const WORK =
  "(?:(?:and )?i(?:['’]?m)? (?:currently )?(?:work(?:ing)?|teach(?:ing)?|study(?:ing)?)|(?:et )?(?:je|j['’]) ?(?:bosse|travaille|enseigne|étudie)|(?:y )?(?:trabajo|laburo|curro|estudio|enseño)|(?:e )?(?:eu )?(?:trabalho|estudo|leciono|dou aulas)|(?:und )?(?:ich )?(?:arbeite?|schaffe?|jobbe?|unterrichte?|studiere?)|و?(?:ا|ب)?(?:عمل|شتغل|درس)|و?(?:شغال|شغاله|موظف|موظفه|طالب|طالبه))";
const PROFESSION =
  '(?:nurse|teacher|doctor|engineer|lawyer|manager|cashier|chef|cook|driver|student|receptionist|accountant|barista|(?:\\p{Ll}{2,12})?fahrer(?:in)?|taxista|conductora?|chauffeur|camionero|motorista|caminhoneir[oa]|infirmi(?:er|ère|ere)|prof(?:esseure?)?|médecin|ingénieure?|avocate?|vendeu(?:r|se)|caissi(?:er|ère)|étudiante?|enfermei?r[oa]|dentist(?:a|e)?|zahnärzt(?:in)|zahnarzt|طبيب اسنان|periodista|journaliste?|journalist(?:in)?|jornalista|profe(?:sora?)?|médic[oa]|ingenier[oa]|abogad[oa]|cajer[oa]|estudiante|professora?|engenheir[oa]|advogad[oa]|caixa|estudante|krankenschwester|pflegerin|pfleger|lehrer(?:in)?|ärzt(?:in)|arzt|ingenieur(?:in)?|verkäufer(?:in)?|kassierer(?:in)?|studentin?|ممرضه?|معلمه?|مدرسه?|دكتوره?|مهندسه?|محاسبه?|محامي(?:ه)?|طبيبه?|' +
  '(?:software |sound |web |graphic |product )?(?:engineer|developer|designer|electrician|plumber|baker|mechanic|librarian|pharmacist|architect|welder|hairdresser|paramedic|analyst|consultant|waite?r(?:ess)?|clerk|boulang(?:er|ère|ere)|cuisini(?:er|ère|ere)|comptable|serveu(?:r|se)|coiffeu(?:r|se)|développeu(?:r|se)|developpeu(?:r|se)|pharmacien(?:ne)?|mécanicien|électricien|plombier|facteur|factrice|aide-soignante?|kiné|secrétaire|contador[ae]?|cocinera?o?|mecánico|diseñadora?|programadora?|vendedora?|peluquer[oa]|arquitect[oa]|farmacéutic[oa]|psicólog[oa]|electricista|camarer[oa]|secretari[oa]|padeir[oa]|cozinheir[oa]|eletricista|mecânico|desenvolvedora?|arquitet[oa]|farmacêutic[oa]|cabeleireir[oa]|garçom|bäcker(?:in)?|koch|köchin|tischler(?:in)?|steuerberater(?:in)?|buchhalter(?:in)?|mechaniker(?:in)?|mechatroniker(?:in)?|entwickler(?:in)?|friseur(?:in)?|erzieher(?:in)?|physiotherapeut(?:in)?|polizist(?:in)?|feuerwehrmann|elektriker(?:in)?|apotheker(?:in)?|sekretär(?:in)?|طباخه?|مبرمجه?|سائق|سواق|مصممه?|صيدلي(?:ه)?|كهربائي|ميكانيكي|مديره?|موظفه?|سكرتيره))(?: (?:اسنان|اطفال|عام))?';
const THAT_IS_ME =
  "(?:that(?:['’]?s| is) me|c moi|this is me|(?:ça )?c['’]?est moi|ese soy yo|esa soy yo|(?:esse )?sou eu|essa sou eu|das bin ich|هذا انا|هذي انا)";
const FULL_NAME =
  "(?!(?:Guten|Good|Happy|Merry|Hello|Hallo|Dear|Bonne|Bonjour|Bonsoir|Joyeux|Feliz|Bom|Boa|Buen[oa]s?|Hola|Hey|Hi) )\\p{Lu}[\\p{Ll}'’-]{1,20} \\p{Lu}[\\p{L}'’-]{1,20}";

/** Introductions whose capitals are as written, because only capitals tell names from other words. */
const CAPITAL_INTRO =
  "(?:[Ii]['’]?m|[Ii] am|[Mm]y name is|[Jj]e m['’]appelle|[Jj]m['’]appelle|[Jj]e suis|[Jj]suis|[Mm]oi c['’]?est|[Ss]oy|[Mm]e llamo|[Ss]ou(?: [oa])?|[Mm]e chamo|[Cc]hamo-me|(?:[Mm]y )?[Nn]ame['’]?s|[Nn]ame is|[Mm]eu nome é|[Bb]in(?: ich)?|[Ii]ch bin|[Hh]ei(?:ß|ss)e|[Mm]ein [Nn]ame ist)";

export const STATED_NAMES: readonly RegExp[] = [
  patternOf(
    `(?<!\\p{L})${INTRO} ${TWO_NAMES},? (?:and |et |y |e |und )?(?:${WORK}|(?:i['’]?m |je suis |soy |sou |bin )?(?:an? |une? |una? |uma? |eine? )?${PROFESSION}) ${AT} ?(?:l['’])?\\p{L}{2}`,
  ),
  patternOf(
    `(?<!\\p{L})${CAPITAL_INTRO} ${FULL_NAME},? (?:[\\p{Ll}'’]{1,20} ){0,5}(?:${AT}|with|con|com|bei|mit) (?:the |la |le |el |o |a |der |den |dem )?\\p{Lu}\\p{L}+(?: \\p{L}+){0,3} (?:in|from|à|de|en|con|com|bei|n[oa]|d[oa]|em) \\p{Lu}`,
    'u',
  ),
  patternOf(
    `(?<!\\p{L})${WORK} ${AT} [^.?!]{2,40},? (?:and |et |y |e |und )?${CAPITAL_INTRO} ${FULL_NAME}`,
    'u',
  ),
  patternOf(
    `(?:^|, |(?:^|[^\\p{L}])(?:[Ii]t['’]?s|[Tt]his is) )${FULL_NAME}(?: (?:here|hier|ici|aqu[ií]|btw))?, (?:(?:[Ii]['’]?m|[Jj]e suis|[Ss]oy|[Ss]ou|[Bb]in) )?(?:(?:an? |une? |una? |uma? |eine? )?${PROFESSION} ${AT}|${WORK} ${AT}|(?:\\p{Ll}{2,20} ){1,3}(?:at|chez|bei|beim)) ?(?:the |la |le |el |o |a |l['’])?\\p{L}{2}`,
    'u',
  ),
  // German nouns have a capital.
  patternOf(
    `(?:^|, |[Bb]in )${FULL_NAME},? \\p{Lu}\\p{L}{2,24}(?:er|in|or|ist|arzt|koch|schwester|kraft|mann|frau) (?:bei|beim|im|am|an der|in der|auf der|in) \\p{L}{2}`,
    'u',
  ),
  patternOf(
    `^(?:\\p{Script=Arabic}{3,14} ){1,2}\\p{Script=Arabic}{3,14}، ?${PROFESSION} ${AT} ?\\p{L}{2}`,
  ),
  patternOf(`(?<!\\p{L})${WORK} ${AT} ?[^.?!،]{2,30}،? و?(?:انا )?اسمي ${NAME} ${NAME}`),
  patternOf(`^${FULL_NAME},.{3,60}(?<!\\p{L})${THAT_IS_ME}(?!\\p{L})`, 'u'),
];
