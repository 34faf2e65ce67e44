import type { LanguageTag } from '@farandole/kernel/language';
import type { Measure } from '../cases/decision.ts';
import type { ReportReason } from '../reports/reason.ts';
import type { FactKind, StatementOfReasons, StatementState } from './statement.ts';

/** Texts of `locales/<tag>/statements.json`, for the user's page and the console's preview. */
export interface StatementWords {
  readonly measure: Readonly<Record<Measure, string>>;
  readonly state: Readonly<Record<StatementState, string>>;
  readonly what: string;
  readonly does: Readonly<Record<'text-only' | 'suspended' | 'none', string>>;
  readonly ground: string;
  readonly grounds: Readonly<Record<ReportReason, string>>;
  readonly lookedAt: string;
  readonly fact: Readonly<Record<Exclude<FactKind, 'earlier-decisions'>, string>>;
  /** This text contains the placeholder `{{days}}`. */
  readonly earlier: string;
  readonly who: string;
  readonly people: string;
  readonly from: string;
  readonly until: string;
  readonly noEnd: string;
  readonly appealTitle: string;
  readonly appealText: string;
  /** This text contains the placeholder `{{until}}`. */
  readonly writeHint: string;
}

interface Reader {
  readonly language: LanguageTag;
  readonly words: StatementWords;
  readonly moment: (atMs: number) => string;
  readonly day: (atMs: number) => string;
  readonly nowMs: number;
}

export interface StatementCard {
  readonly title: string;
  readonly state: string;
  readonly rows: readonly (readonly [name: string, value: string])[];
  readonly appeal: { readonly title: string; readonly text: string; readonly hint: string };
}

/** Renders a statement of reasons as its subject reads it, but without the secret appeal code. */
export function statementCard(
  { statement, state }: { readonly statement: StatementOfReasons; readonly state: StatementState },
  reader: Reader,
): StatementCard {
  const { words } = reader;
  return {
    title: words.measure[statement.measure],
    state: words.state[state],
    rows: [
      [words.what, words.does[statement.restriction ?? 'none']],
      [words.ground, words.grounds[statement.ground]],
      [words.lookedAt, lookedAt(statement, reader)],
      [words.who, words.people],
      [words.from, reader.moment(statement.startsAtMs)],
      ...endOf(statement, state, reader),
    ],
    appeal: {
      title: words.appealTitle,
      text: words.appealText,
      hint: words.writeHint.replace('{{until}}', () => reader.moment(statement.appealUntilMs)),
    },
  };
}

function lookedAt({ facts, earlierAtMs }: StatementOfReasons, { words, day }: Reader): string {
  const days = earlierAtMs.map((atMs) => day(atMs)).join(', ');
  const earlier = words.earlier.replace('{{days}}', () => days);
  return facts.map((fact) => (fact === 'earlier-decisions' ? earlier : words.fact[fact])).join(' ');
}

function endOf(
  { restriction, endsAtMs }: StatementOfReasons,
  state: StatementState,
  { language, words, moment, nowMs }: Reader,
): StatementCard['rows'] {
  if (restriction === null || state === 'overturned' || state === 'lifted') return [];
  if (endsAtMs === null) return [[words.until, words.noEnd]];
  const [value, unit] = spanOf(endsAtMs - nowMs);
  const relative = new Intl.RelativeTimeFormat(language).format(value, unit);
  return [[words.until, `${moment(endsAtMs)} (${relative})`]];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * Returns a duration in the largest unit in which its value is at least two, otherwise in
 * minutes.
 */
export function spanOf(ms: number): readonly [number, 'minute' | 'hour' | 'day'] {
  const size = Math.abs(ms);
  if (size >= 2 * DAY_MS) return [Math.round(ms / DAY_MS), 'day'];
  if (size >= 2 * HOUR_MS) return [Math.round(ms / HOUR_MS), 'hour'];
  return [Math.round(ms / MINUTE_MS), 'minute'];
}
