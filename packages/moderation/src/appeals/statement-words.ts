import type { Measure } from '../cases/decision.ts';
import type { ReportReason } from '../reports/reason.ts';
import type { FactKind, StatementOfReasons, StatementState } from './statement.ts';

/**
 * What a statement of reasons says, in each language. The page that a person reads it on and the console's
 * preview of it are both drawn from here, so that the second shows the first.
 */
interface StatementWords {
  readonly language: string;
  readonly measure: Readonly<Record<Measure, string>>;
  readonly state: Readonly<Record<StatementState, string>>;
  readonly what: string;
  readonly does: Readonly<Record<'text-only' | 'suspended' | 'none', string>>;
  readonly ground: string;
  readonly grounds: Readonly<Record<ReportReason, string>>;
  readonly lookedAt: string;
  readonly fact: Readonly<Record<Exclude<FactKind, 'earlier-decisions'>, string>>;
  readonly earlier: (days: string) => string;
  readonly who: string;
  readonly people: string;
  readonly from: string;
  readonly until: string;
  readonly noEnd: string;
  readonly appealTitle: string;
  readonly appealText: string;
  readonly writeHint: (until: string) => string;
}

const EN: StatementWords = {
  language: 'en',
  measure: {
    dismiss: 'Nothing',
    warn: 'A warning',
    'text-only-7d': 'Text only for 7 days',
    'suspend-1h': 'Suspended for an hour',
    'suspend-1d': 'Suspended for a day',
    'suspend-7d': 'Suspended for 7 days',
    'suspend-permanently': 'Suspended without an end',
  },
  state: {
    holds: 'This holds now.',
    over: 'This is over. You can meet people as before.',
    lifted: 'This was ended early. You can meet people as before.',
    overturned:
      'This was taken back. You can meet people as before, and it does not count against you.',
  },
  what: 'What it means',
  does: {
    'text-only': 'You can meet people by text, and not by video.',
    suspended: 'You can’t meet people on this server.',
    none: 'You can meet people as before. If the rules are broken again, this counts.',
  },
  ground: 'The rule',
  grounds: {
    'may-be-under-18': 'This server is for people of 18 and over.',
    'self-harm': 'No showing or urging of self-harm.',
    'threat-or-violence': 'No threats and no violence.',
    'sexual-content': 'Stay dressed: no sexual content.',
    'recording-or-sharing': 'No recording, and no sharing of what others show or say.',
    hate: 'No hate.',
    'scam-or-spam': 'No scams and no spam.',
    other: 'The rules of this server, as they stand on its page.',
  },
  lookedAt: 'What was looked at',
  fact: {
    reports: 'What people reported.',
    lines: 'Messages that this server had marked when they were sent.',
    pictures: 'Pictures.',
    'own-initiative': 'What moderators saw for themselves: nobody had reported it.',
  },
  earlier: (days) => `Earlier decisions that still counted: ${days}.`,
  who: 'Who decided',
  people: 'People. No software decides here. Who reported is never told.',
  from: 'From',
  until: 'Until',
  noEnd: 'It has no end, unless an appeal changes that.',
  appealTitle: 'Appeal',
  appealText:
    'Somebody who had no part in the decision looks at everything again. They can leave it as it is, shorten it, or take it back. An appeal never makes it worse.',
  writeHint: (until) =>
    `Up to 1,000 characters. Once for each decision, until ${until}. Keep the code: under it you read the answer here.`,
};

const FR: StatementWords = {
  language: 'fr',
  measure: {
    dismiss: 'Rien',
    warn: 'Un avertissement',
    'text-only-7d': 'Par écrit seulement, pendant 7 jours',
    'suspend-1h': 'Accès suspendu pour une heure',
    'suspend-1d': 'Accès suspendu pour un jour',
    'suspend-7d': 'Accès suspendu pour 7 jours',
    'suspend-permanently': 'Accès suspendu sans fin prévue',
  },
  state: {
    holds: 'Cette mesure est en vigueur.',
    over: 'Cette mesure a pris fin. Vous pouvez faire des rencontres comme avant.',
    lifted: 'Cette mesure a pris fin plus tôt. Vous pouvez faire des rencontres comme avant.',
    overturned:
      'Cette décision a été annulée. Vous pouvez faire des rencontres comme avant, et elle ne joue pas contre vous.',
  },
  what: 'Ce que cela veut dire',
  does: {
    'text-only': 'Vous pouvez faire des rencontres par écrit, et non en vidéo.',
    suspended: 'Vous ne pouvez rencontrer personne sur ce serveur.',
    none: 'Vous pouvez faire des rencontres comme avant. Si vous enfreignez de nouveau les règles, cela comptera.',
  },
  ground: 'La règle',
  grounds: {
    'may-be-under-18': 'Ce serveur est réservé aux personnes de 18 ans et plus.',
    'self-harm': 'Ne pas montrer d’automutilation, ne pas y pousser.',
    'threat-or-violence': 'Ni menaces ni violence.',
    'sexual-content': 'Rester habillé : pas de contenu sexuel.',
    'recording-or-sharing': 'Ne pas enregistrer ni partager ce que d’autres montrent ou disent.',
    hate: 'Pas de haine.',
    'scam-or-spam': 'Ni arnaques ni publicité.',
    other: 'Les règles de ce serveur, telles qu’elles figurent sur sa page.',
  },
  lookedAt: 'Ce qui a été examiné',
  fact: {
    reports: 'Ce qui a été signalé.',
    lines: 'Des messages que ce serveur avait marqués lors de leur envoi.',
    pictures: 'Des images.',
    'own-initiative': 'Ce que la modération a vu d’elle-même, sans signalement.',
  },
  earlier: (days) => `Des décisions antérieures qui comptaient encore : ${days}.`,
  who: 'Qui a décidé',
  people: 'Des personnes. Aucun logiciel ne décide ici. On ne dit jamais qui a signalé.',
  from: 'À partir du',
  until: 'Jusqu’au',
  noEnd: 'Sans fin prévue, à moins qu’un recours n’y change quelque chose.',
  appealTitle: 'Recours',
  appealText:
    'Une personne qui n’a pas pris part à la décision réexamine tout. Elle peut maintenir la décision, l’abréger ou l’annuler. Un recours n’aggrave jamais rien.',
  writeHint: (until) =>
    `1 000 caractères au plus. Une fois par décision, jusqu’au ${until}. Gardez le code : c’est ici, avec lui, que vous lirez la réponse.`,
};

const STATEMENT_WORDS = { en: EN, fr: FR } as const;

type StatementLanguage = keyof typeof STATEMENT_WORDS;

/** How the reader's program says a time: times are for people, and so are formatted where they are drawn. */
interface SaidTimes {
  moment(atMs: number): string;
  day(atMs: number): string;
  readonly nowMs: number;
}

export interface StatementCard {
  readonly title: string;
  readonly state: string;
  readonly rows: readonly (readonly [name: string, value: string])[];
  /** How one appeals, where one may. */
  readonly appeal: { readonly title: string; readonly text: string; readonly hint: string };
}

/** All of a statement as its person reads it, but for the code, which is told to nobody else. */
export function statementCard(
  { statement, state }: { readonly statement: StatementOfReasons; readonly state: StatementState },
  language: StatementLanguage,
  times: SaidTimes,
): StatementCard {
  const words = STATEMENT_WORDS[language];
  return {
    title: words.measure[statement.measure],
    state: words.state[state],
    rows: [
      [words.what, words.does[statement.restriction ?? 'none']],
      [words.ground, words.grounds[statement.ground]],
      [words.lookedAt, lookedAt(statement, words, times)],
      [words.who, words.people],
      [words.from, times.moment(statement.startsAtMs)],
      ...endOf(statement, state, words, times),
    ],
    appeal: {
      title: words.appealTitle,
      text: words.appealText,
      hint: words.writeHint(times.moment(statement.appealUntilMs)),
    },
  };
}

function lookedAt(
  { facts, earlierAtMs }: StatementOfReasons,
  words: StatementWords,
  times: SaidTimes,
): string {
  const days = earlierAtMs.map((atMs) => times.day(atMs)).join(', ');
  return facts
    .map((fact) => (fact === 'earlier-decisions' ? words.earlier(days) : words.fact[fact]))
    .join(' ');
}

function endOf(
  { restriction, endsAtMs }: StatementOfReasons,
  state: StatementState,
  words: StatementWords,
  times: SaidTimes,
): StatementCard['rows'] {
  if (restriction === null || state === 'overturned' || state === 'lifted') return [];
  if (endsAtMs === null) return [[words.until, words.noEnd]];
  const [value, unit] = spanOf(endsAtMs - times.nowMs);
  const relative = new Intl.RelativeTimeFormat(words.language).format(value, unit);
  return [[words.until, `${times.moment(endsAtMs)} (${relative})`]];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A time in the largest unit that there are two of, or in minutes. */
export function spanOf(ms: number): readonly [number, 'minute' | 'hour' | 'day'] {
  const size = Math.abs(ms);
  if (size >= 2 * DAY_MS) return [Math.round(ms / DAY_MS), 'day'];
  if (size >= 2 * HOUR_MS) return [Math.round(ms / HOUR_MS), 'hour'];
  return [Math.round(ms / MINUTE_MS), 'minute'];
}
