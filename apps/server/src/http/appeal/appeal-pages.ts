import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '@farandole/kernel/clock';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import type { OwnDecision } from '@farandole/moderation/desk/own-decisions';
import type { AppealId, DecisionId } from '@farandole/moderation/ids';
import type { ModerationStore } from '@farandole/moderation/ports';
import type { ServerFacts } from '@farandole/protocol/http-api';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { CODE_MISSES_MAX, CODE_MISSES_WINDOW_S, FORM_BYTES_MAX } from '../../limits.ts';
import { describeError, type Log } from '../../log.ts';
import type { NodeSigner } from '../../signer.ts';
import type { Site } from '../../site.ts';
import { isLanguage, type Language, languageOf } from '../accept-language.ts';
import { readCookie } from '../cookie.ts';
import { problem } from '../problem.ts';
import { readBody } from '../read-body.ts';
import { AppealForms } from './appeal-forms.ts';
import { type AppealView, appealPage, type DraftFault } from './appeal-page.ts';

export interface AppealPagesParts {
  readonly site: () => Site;
  readonly store: Pick<ModerationStore, 'run'>;
  readonly signer: NodeSigner;
  readonly clock: Clock;
  readonly log: Log;
  readonly facts: () => Pick<ServerFacts, 'operator'>;
}

const FORM_TYPE = 'application/x-www-form-urlencoded';

/**
 * The page on which somebody reads what was decided about them and appeals. It is drawn here, so that
 * it can be read and used without a script, by whoever the page itself does not let in.
 *
 * Who they are is told by their cookie, or else by the code of the decision. A code of no decision,
 * of a dismissal, or of one that is long over gets one and the same answer.
 */
export class AppealPages {
  readonly #parts: AppealPagesParts;
  readonly #forms: AppealForms;
  readonly #misses = new RateLimiterMemory({
    points: CODE_MISSES_MAX,
    duration: CODE_MISSES_WINDOW_S,
    blockDuration: CODE_MISSES_WINDOW_S,
  });

  constructor(parts: AppealPagesParts) {
    this.#parts = parts;
    this.#forms = new AppealForms(parts.signer, parts.clock);
  }

  /** What a cookie may read, or the question for a code. */
  async show(request: Request, headers: IncomingHttpHeaders): Promise<Response> {
    const asked = new URL(request.url).searchParams.get('language');
    const language = isLanguage(asked) ? asked : languageOf(headers['accept-language'] ?? null);
    return await this.#showOwn(language, headers);
  }

  /** A code to look at, or an appeal. */
  async take(request: Request, headers: IncomingHttpHeaders, network: string): Promise<Response> {
    if (this.#isForeign(headers)) {
      return problem('origin-refused', 'This form belongs to a page of this server.');
    }
    const read = await readBody(request, FORM_TYPE, FORM_BYTES_MAX);
    if (!read.ok) {
      if (read.reason === 'too-large') {
        return problem(
          'too-large',
          'This form takes at most 1,000 characters. Go back and shorten it.',
        );
      }
      return problem('bad-request', 'This is not what the form sends.');
    }
    const fields = new URLSearchParams(read.value);
    const asked = fields.get('language');
    const language = isLanguage(asked) ? asked : languageOf(headers['accept-language'] ?? null);
    const form = fields.get('form');
    if (form !== null) return await this.#file(language, form, fields.get('text') ?? '');
    const code = (fields.get('code') ?? '').trim();
    if (code === '') return await this.#showOwn(language, headers);
    return await this.#showByCode(language, code, network);
  }

  async #showOwn(language: Language, headers: IncomingHttpHeaders): Promise<Response> {
    const cookie = readCookie(headers.cookie);
    if (cookie === null) return this.#answer(language, 200, { state: 'ask', fault: null });
    const decisions = await this.#read({ subject: this.#parts.signer.subjectOf(cookie) });
    return decisions.length === 0
      ? this.#answer(language, 200, { state: 'ask', fault: null })
      : this.#answer(language, 200, { state: 'decisions', decisions, draft: null });
  }

  async #showByCode(language: Language, code: string, network: string): Promise<Response> {
    const waitMs = await this.#waitOf(network);
    if (waitMs > 0) {
      const fault = { fault: 'too-many', waitMs } as const;
      return this.#answer(language, 429, { state: 'ask', fault });
    }
    // What is none of ours is looked for all the same, so that the time it takes tells nothing.
    const decision = this.#parts.signer.openAppealCode(code) ?? NO_DECISION;
    const decisions = await this.#read({ decision });
    if (decisions.length > 0) {
      return this.#answer(language, 200, { state: 'decisions', decisions, draft: null });
    }
    await this.#miss(network);
    return this.#answer(language, 404, { state: 'ask', fault: { fault: 'unknown' } });
  }

  /** The person's words come back with whatever was wrong, so that none are lost. */
  async #file(language: Language, form: string, written: string): Promise<Response> {
    // A browser sends a line's end as two characters, and counts it as one.
    const text = written.replaceAll('\r\n', '\n');
    const decision = this.#forms.open(form);
    if (decision === null) {
      const fault = { fault: 'stale', text } as const;
      return this.#answer(language, 403, { state: 'ask', fault });
    }
    const { store, signer, clock, log } = this.#parts;
    const freshAppeal = brandId<AppealId>(signer.randomId());
    const nowMs = clock.wallMs();
    let fault: DraftFault | null = null;
    let decisions: readonly OwnDecision[] = [];
    try {
      const filed = await store.run('appeal.file', { decision, text, freshAppeal, nowMs });
      if (!filed.ok && filed.reason !== 'already-appealed') fault = filed.reason;
      decisions = await this.#read({ decision });
    } catch (error) {
      log({ event: 'request-failed', ...describeError(error) });
      return this.#answer(language, 503, { state: 'ask', fault: { fault: 'not-stored', text } });
    }
    const draft = fault === null ? null : { decision, text, fault };
    if (decisions.length === 0) {
      return this.#answer(language, 404, { state: 'ask', fault: { fault: 'unknown' } });
    }
    const status = fault === null ? 200 : 422;
    return this.#answer(language, status, { state: 'decisions', decisions, draft });
  }

  async #read(
    by: { readonly decision: DecisionId } | { readonly subject: SubjectId },
  ): Promise<readonly OwnDecision[]> {
    const nowMs = this.#parts.clock.wallMs();
    return await this.#parts.store.run('decisions.own', { by, nowMs });
  }

  async #waitOf(network: string): Promise<number> {
    const known = await this.#misses.get(network);
    return known === null || known.consumedPoints <= CODE_MISSES_MAX ? 0 : known.msBeforeNext;
  }

  async #miss(network: string): Promise<void> {
    try {
      await this.#misses.consume(network);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
    }
  }

  /** Whether another site's page sent it. A page of ours that names no referrer says `null`. */
  #isForeign({ origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
    if (site === 'cross-site' || site === 'same-site') return true;
    return origin !== undefined && origin !== 'null' && !this.#parts.site().allowsOrigin(origin);
  }

  #answer(language: Language, status: number, view: AppealView): Response {
    const { clock, facts, signer } = this.#parts;
    const nowMs = clock.wallMs();
    const { operator } = facts();
    const formOf = (decision: DecisionId) => this.#forms.seal(decision);
    const codeOf = (decision: DecisionId) => signer.appealCode(decision);
    return appealPage({ language, status, view, nowMs, operator, codeOf, formOf });
  }
}

/** The name of no decision: those of ours are longer. */
const NO_DECISION = brandId<DecisionId>('no-decision');
