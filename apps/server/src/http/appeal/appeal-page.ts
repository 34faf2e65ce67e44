import { createHash } from 'node:crypto';
import type { LanguageTag } from '@farandole/kernel/language';
import type { OwnDecision } from '@farandole/moderation/appeals/own-decisions';
import type { OwnMeasure } from '@farandole/moderation/appeals/own-measures';
import type { OwnShared } from '@farandole/moderation/appeals/own-shared';
import {
  type StatementCard,
  spanOf,
  statementCard,
} from '@farandole/moderation/appeals/statement-card';
import type { CaseId, DecisionId, SanctionId } from '@farandole/moderation/ids';
import { APPEAL_PATH, type OperatorFacts } from '@farandole/protocol/http-api';
import { LANGUAGES } from '@farandole/ui/locales';
import { langAttributes, serverWords, statementWords } from '../locale-words.ts';
import { type AgeDraft, type AgeOnPage, ageCard } from './age-card.ts';
import { APPEAL_STYLE } from './appeal-style.ts';
import { type AppealWords, appealWords } from './appeal-words.ts';
import { escape, hidden, textForm } from './drawn.ts';
import { type MeasureDraft, measureCard } from './measure-card.ts';
import { measureWords } from './measure-words.ts';
import { type SharedDraft, sharedCard } from './shared-card.ts';

/** Faults of an appeal after which the user can correct the text and send it again. */
export type DraftFault =
  | 'unknown'
  | 'window-over'
  | 'empty'
  | 'text-too-long'
  | 'text-has-control-characters';

export type AskFault =
  | { readonly fault: 'unknown' }
  | { readonly fault: 'too-many'; readonly waitMs: number }
  /** The text of a rejected appeal, shown so that the user can save it. */
  | { readonly fault: 'stale' | 'not-stored' | 'over'; readonly text: string };

export type AppealView =
  | { readonly state: 'ask'; readonly fault: AskFault | null }
  | {
      readonly state: 'decisions';
      readonly decisions: readonly OwnDecision[];
      /** What software did to the reader before a member decided. */
      readonly measures: readonly OwnMeasure[];
      /**
       * Sanctions of shared networks and devices that block the reader. At least one of
       * `decisions`, `measures` and `shared` has an entry, or `age` is present.
       */
      readonly shared: readonly OwnShared[];
      /** The reader's refusal as a minor by device key. Absent if there is none. */
      readonly age?: AgeOnPage;
      readonly draft: DecisionDraft | SharedDraft | MeasureDraft | AgeDraft | null;
    };

interface DecisionDraft {
  readonly decision: DecisionId;
  readonly text: string;
  readonly fault: DraftFault;
}

export interface AppealPage {
  readonly language: LanguageTag;
  readonly status: number;
  readonly view: AppealView;
  readonly nowMs: number;
  readonly operator: OperatorFacts;
  /** Returns the code with which the accused opens a decision's page. */
  readonly codeOf: (decision: DecisionId) => string;
  readonly formOf: (decision: DecisionId) => string;
  /** Returns the code of a measure by software. `measureFormOf` returns its form token. */
  readonly measureCodeOf: (of: CaseId) => string;
  readonly measureFormOf: (of: CaseId) => string;
  /**
   * Returns the reader's code for a shared network or device. `sharedFormOf` returns its form
   * token.
   */
  readonly sharedCodeOf: (sanction: SanctionId) => string;
  readonly sharedFormOf: (sanction: SanctionId) => string;
  /** The form token for the code of an age refusal. */
  readonly ageFormOf: (code: string) => string;
}

/**
 * Content security policy of the appeal page. It allows the inline style sheet by its digest and
 * nothing else, so the page loads and runs nothing.
 */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(APPEAL_STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** Draws the appeal page and escapes all user text. */
export function appealPage(page: AppealPage): Response {
  const { view, status } = page;
  const wait = view.state === 'ask' && view.fault?.fault === 'too-many' ? view.fault.waitMs : null;
  return new Response(new Drawn(page).html(), {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': POLICY,
      'Cache-Control': 'no-store',
      // Overrides `no-referrer`, because with that policy browsers send a null origin when our own
      // form is submitted.
      'Referrer-Policy': 'same-origin',
      Vary: 'Accept-Language, Cookie',
      ...(wait === null ? {} : { 'Retry-After': String(Math.ceil(wait / SECOND_MS)) }),
    },
  });
}

class Drawn {
  readonly #page: AppealPage;
  readonly #words: AppealWords;

  constructor(page: AppealPage) {
    this.#page = page;
    this.#words = appealWords(page.language);
  }

  html(): string {
    const { language, view } = this.#page;
    const words = this.#words;
    const title = this.#title(view);
    return `<!doctype html>
<html ${langAttributes(language)}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>${title} · Farandole</title>
<style>${APPEAL_STYLE}</style>
</head>
<body>
<header class="top"><a href="/">Farandole</a>${this.#languages()}</header>
<main>
<h1>${title}</h1>
${view.state === 'ask' ? this.#ask(view.fault) : this.#decisions(view)}
</main>
<footer class="soft"><p>${words.works} <a href="/#safety">${words.safety}</a></p>${this.#operator()}</footer>
</body>
</html>
`;
  }

  #title(view: AppealView): string {
    const words = this.#words;
    if (view.state === 'ask') return words.askTitle;
    const isAge = [view.decisions, view.measures, view.shared].every(({ length }) => length === 0);
    if (isAge) return serverWords(this.#page.language).age.pageTitle;
    // The title mentions no decision if there are only measures by software, because software
    // decides nothing.
    const isMeasure = view.measures.length > 0 && view.decisions.length === 0;
    return isMeasure ? measureWords(this.#page.language).pageTitle : words.title;
  }

  /** Draws links to the same page in other languages. Each link keeps the page's code. */
  #languages(): string {
    const { language, view } = this.#page;
    const code = view.state === 'decisions' ? hidden('code', this.#codeOf(view)) : '';
    const others = Object.entries(LANGUAGES)
      .filter(([tag]) => tag !== language)
      .map(
        ([tag, { name }]) =>
          `<button class="quiet" name="language" value="${tag}" ${langAttributes(tag)}>${name}</button>`,
      );
    return `<form method="post" action="${APPEAL_PATH}">${code}${others.join('')}</form>`;
  }

  /**
   * Returns the code that opens the same page again; empty if the page shows several decisions
   * about the cookie's user.
   */
  #codeOf({
    decisions,
    measures,
    shared,
    age,
  }: Extract<AppealView, { state: 'decisions' }>): string {
    const codes = [
      ...decisions.map(({ statement }) => this.#page.codeOf(statement.decision)),
      ...measures.map((own) => this.#page.measureCodeOf(own.case)),
      ...shared.map(({ sanction }) => this.#page.sharedCodeOf(sanction)),
      ...(age === undefined || age.code === null ? [] : [age.code]),
    ];
    return codes.length === 1 ? (codes[0] ?? '') : '';
  }

  #ask(fault: AskFault | null): string {
    const words = this.#words;
    const kept =
      fault !== null && 'text' in fault && fault.text !== ''
        ? `<section class="card"><h2>${words.keptTitle}</h2><p dir="auto">${escape(fault.text).replaceAll('\n', '<br>')}</p></section>`
        : '';
    return `<p>${words.askText}</p>
${fault === null ? '' : `<p class="note bad" role="alert">${this.#askFault(fault)}</p>`}
${kept}
<form class="card" method="post" action="${APPEAL_PATH}">
${hidden('language', this.#page.language)}
<label for="code">${words.code}</label>
<p class="hint" id="code-hint">${words.codeHint}</p>
<input id="code" name="code" dir="ltr" required maxlength="64" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="code-hint">
<button>${words.look}</button>
</form>`;
  }

  #askFault(fault: AskFault): string {
    const words = this.#words;
    if (fault.fault === 'too-many') return words.tooMany(this.#span(fault.waitMs));
    return words.askFault[fault.fault];
  }

  #decisions({
    decisions,
    measures,
    shared,
    age,
    draft,
  }: Extract<AppealView, { state: 'decisions' }>): string {
    const ofDecision = draft !== null && 'decision' in draft ? draft : null;
    const ofShared = draft !== null && 'sanction' in draft ? draft : null;
    const ofMeasure = draft !== null && 'case' in draft ? draft : null;
    const ofAge = draft !== null && 'code' in draft ? draft : null;
    const cards = [
      ...(age === undefined ? [] : [this.#age(age, ofAge)]),
      ...measures.map((own) => this.#measure(own, ofMeasure)),
      ...decisions.map((own) => {
        const isOf = ofDecision?.decision === own.statement.decision;
        return this.#decision(own, isOf ? ofDecision : null);
      }),
      ...shared.map((own) => this.#shared(own, ofShared)),
    ];
    return cards.join('\n');
  }

  #measure(own: OwnMeasure, draft: MeasureDraft | null): string {
    const { language, measureFormOf, measureCodeOf } = this.#page;
    return measureCard(own, {
      language,
      draft: draft?.case === own.case ? draft : null,
      mark: measureFormOf(own.case),
      code: measureCodeOf(own.case),
      moment: (atMs) => this.#moment(atMs),
    });
  }

  #age(of: AgeOnPage, draft: AgeDraft | null): string {
    const { language, ageFormOf: formOf } = this.#page;
    return ageCard(of, { language, draft, formOf, moment: (atMs) => this.#moment(atMs) });
  }

  #shared(own: OwnShared, draft: SharedDraft | null): string {
    const { language, sharedFormOf } = this.#page;
    return sharedCard(own, {
      language,
      draft: draft?.sanction === own.sanction ? draft : null,
      mark: sharedFormOf(own.sanction),
      moment: (atMs) => this.#moment(atMs),
    });
  }

  #decision(
    own: OwnDecision,
    draft: { readonly text: string; readonly fault: DraftFault } | null,
  ): string {
    const { statement, state } = own;
    const { language } = this.#page;
    const card = statementCard(own, {
      language,
      words: statementWords(language),
      moment: (atMs) => this.#moment(atMs),
      day: (atMs) => this.#day(atMs),
      nowMs: this.#page.nowMs,
    });
    const code = `<code>${escape(this.#page.codeOf(statement.decision))}</code>`;
    const rows = [...card.rows, [this.#words.codeRow, code] as const];
    return `<article class="card" aria-label="${card.title}">
<h2>${card.title}</h2>
<p class="note${state === 'overturned' || state === 'lifted' ? ' good' : ''}">${card.state}</p>
<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>
${this.#appeal(own, card.appeal, draft)}
</article>`;
  }

  #appeal(
    { statement, state, appeal, mayAppeal }: OwnDecision,
    how: StatementCard['appeal'],
    draft: { readonly text: string; readonly fault: DraftFault } | null,
  ): string {
    const words = this.#words;
    const title = `<h3>${how.title}</h3>`;
    if (appeal?.state === 'waiting') {
      return `${title}<p class="note good" role="status">${words.received(this.#moment(appeal.atMs))}</p>`;
    }
    if (appeal?.state === 'answered') {
      const answered = words.answered(this.#moment(appeal.answeredAtMs));
      return `${title}<p>${answered}</p><p class="note${appeal.outcome === 'uphold' ? '' : ' good'}">${words.outcome[appeal.outcome]}</p>`;
    }
    // An overturned decision can't be appealed.
    if (state === 'overturned') return '';
    if (!mayAppeal) return `${title}<p>${words.windowOver}</p>`;
    const { formOf, language } = this.#page;
    const form = textForm({
      id: `text-${statement.decision}`,
      language,
      mark: formOf(statement.decision),
      label: words.write,
      hint: how.hint,
      send: words.send,
      draft: draft === null ? null : { text: draft.text, fault: words.draftFault[draft.fault] },
    });
    return `${title}
<p>${how.text}</p>
${form}`;
  }

  #operator(): string {
    const { name, contact } = this.#page.operator;
    const words = this.#words;
    const runBy =
      name === null ? '' : `${words.runBy} <strong dir="auto">${escape(name)}</strong>. `;
    const link =
      contact === null
        ? ''
        : `<a href="${escape(contact)}" rel="noopener noreferrer external">${words.contact}</a>`;
    return `<p>${runBy}${link}</p>`;
  }

  /**
   * Formats a time in UTC and names the time zone, because the user's own zone is unknown without a
   * script.
   */
  #moment(atMs: number): string {
    const how = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' } as const;
    const text = new Intl.DateTimeFormat(this.#page.language, how).format(atMs);
    return `<time datetime="${new Date(atMs).toISOString()}">${text} UTC</time>`;
  }

  #day(atMs: number): string {
    const how = { dateStyle: 'long', timeZone: 'UTC' } as const;
    return new Intl.DateTimeFormat(this.#page.language, how).format(atMs);
  }

  #span(ms: number): string {
    const [value, unit] = spanOf(Math.max(ms, MINUTE_MS));
    const how = { style: 'unit', unit, unitDisplay: 'long' } as const;
    return new Intl.NumberFormat(this.#page.language, how).format(value);
  }
}
