import type { IncomingHttpHeaders } from 'node:http';
import type { Budget } from '@farandole/gateway/budget/budget';
import type { IpAddress } from '@farandole/gateway/signal-policy/address';
import type { Clock } from '@farandole/kernel/clock';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import type { LanguageTag } from '@farandole/kernel/language';
import { refused } from '@farandole/kernel/result';
import type { OwnDecision } from '@farandole/moderation/appeals/own-decisions';
import type { OwnMeasure } from '@farandole/moderation/appeals/own-measures';
import type { OwnShared } from '@farandole/moderation/appeals/own-shared';
import type { AppealId, CaseId, DecisionId, SanctionId } from '@farandole/moderation/ids';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { ServerFacts } from '@farandole/protocol/http-api';
import type { NodeSigner } from '../../keys/signer.ts';
import { FORM_BYTES_MAX } from '../../limits.ts';
import type { Site } from '../../net/site.ts';
import { describeError, type Log } from '../../observe/log.ts';
import { isLanguage, languageOf } from '../accept-language.ts';
import { readCookie } from '../cookie.ts';
import { problem } from '../problem.ts';
import { readBody } from '../read-body.ts';
import type { AgeDraft, AgeOnPage } from './age-card.ts';
import { AppealForms } from './appeal-forms.ts';
import { type AppealView, appealPage, type DraftFault } from './appeal-page.ts';
import type { SharedDraft } from './shared-card.ts';

export interface AppealPagesParts {
  readonly site: () => Site;
  readonly store: Pick<ModerationStore, 'run'>;
  readonly signer: NodeSigner;
  readonly clock: Clock;
  readonly log: Log;
  readonly facts: () => Pick<ServerFacts, 'operator'>;
  /**
   * Returns the network sanction that restricts a user who has no ban of their own; null if there
   * is none.
   */
  readonly networkSanctionOf: (subject: SubjectId, address: IpAddress) => SanctionId | null;
  /** Limits the invalid appeal codes, and the appeals against age refusals. */
  readonly budgets: { readonly 'appeal-codes': Budget; readonly 'age-appeals': Budget };
}

interface Asker {
  /** The user whom the request's cookie identifies; null without a cookie. */
  readonly subject: SubjectId | null;
  readonly address: IpAddress;
}

const FORM_TYPE = 'application/x-www-form-urlencoded';

/**
 * Lets a sanctioned user read the decision and appeal against it. The pages work without a script.
 * A cookie or the decision's code identifies the user. Unknown codes, dismissed reports and expired
 * decisions get the same response. Suspensions and restrictions by software have their own codes. A
 * user refused as a minor by device key has a code that works only with the user's cookie.
 */
export class AppealPages {
  readonly #parts: AppealPagesParts;
  readonly #forms: AppealForms;

  constructor(parts: AppealPagesParts) {
    this.#parts = parts;
    this.#forms = new AppealForms(parts.signer, parts.clock);
  }

  /** Shows the decisions about the cookie's user, or asks for a code if there are none. */
  async show(
    request: Request,
    headers: IncomingHttpHeaders,
    address: IpAddress,
  ): Promise<Response> {
    const asked = new URL(request.url).searchParams.get('language');
    const language = isLanguage(asked) ? asked : languageOf(headers['accept-language'] ?? null);
    return await this.#showOwn(language, this.#askerOf(headers, address));
  }

  async take(
    request: Request,
    headers: IncomingHttpHeaders,
    address: IpAddress,
  ): Promise<Response> {
    if (this.#isForeign(headers)) {
      return problem('origin-refused', 'This form was not sent from this server’s page.');
    }
    const read = await readBody(request, FORM_TYPE, FORM_BYTES_MAX);
    if (!read.ok) {
      if (read.reason === 'too-large') {
        return problem(
          'too-large',
          'This form takes at most 1,000 characters. Go back and shorten it.',
        );
      }
      return problem('bad-request', 'The form’s fields are invalid.');
    }
    const fields = new URLSearchParams(read.value);
    const asked = fields.get('language');
    const language = isLanguage(asked) ? asked : languageOf(headers['accept-language'] ?? null);
    const asker = this.#askerOf(headers, address);
    const form = fields.get('form');
    // Browsers send a line break in a text field as two characters but count it as one.
    const text = (fields.get('text') ?? '').replaceAll('\r\n', '\n');
    if (form !== null) {
      const shared = this.#forms.openShared(form);
      if (shared !== null) return await this.#fileShared(language, shared, text, asker);
      const age = this.#forms.openAge(form);
      if (age !== null) return await this.#fileAge(language, age, text, asker);
      const of = this.#forms.openMeasure(form);
      if (of !== null) return await this.#fileMeasure(language, of, text, asker);
      return await this.#file(language, form, text, asker);
    }
    const code = (fields.get('code') ?? '').trim();
    if (code === '') return await this.#showOwn(language, asker);
    return await this.#showByCode(language, code, asker);
  }

  #askerOf({ cookie }: IncomingHttpHeaders, address: IpAddress): Asker {
    const token = readCookie(cookie);
    return { subject: token === null ? null : this.#parts.signer.subjectOf(token), address };
  }

  async #showOwn(language: LanguageTag, asker: Asker): Promise<Response> {
    const { subject, address } = asker;
    if (subject === null) return this.#answer(language, 200, ASK, asker);
    const decisions = await this.#read({ subject });
    const sanction = this.#parts.networkSanctionOf(subject, address);
    const measures = await this.#readMeasures({ subject });
    const shared = await this.#readShared(subject, sanction);
    const age = await this.#readAge(subject, null);
    const isNothing = [decisions, measures, shared].every(({ length }) => length === 0);
    const view =
      isNothing && age === null
        ? ASK
        : ({ ...NOTHING, decisions, measures, shared, ...(age !== null && { age }) } as const);
    return this.#answer(language, 200, view, asker);
  }

  async #showByCode(language: LanguageTag, code: string, asker: Asker): Promise<Response> {
    const { 'appeal-codes': codes } = this.#parts.budgets;
    const { text: from } = asker.address;
    // The code uses the budget before it is checked, so that parallel guesses gain nothing.
    const waitMs = codes.take(from);
    if (waitMs > 0) {
      const fault = { fault: 'too-many', waitMs } as const;
      return this.#answer(language, 429, { state: 'ask', fault }, asker);
    }
    const found = await this.#findByCode(language, code, asker);
    if (found === null) {
      return this.#answer(language, 404, { state: 'ask', fault: { fault: 'unknown' } }, asker);
    }
    codes.release(from);
    return found;
  }

  /** Returns null for an invalid code. */
  async #findByCode(language: LanguageTag, code: string, asker: Asker): Promise<Response | null> {
    const { signer } = this.#parts;
    const { subject } = asker;
    const sanction = subject === null ? null : signer.openSharedCode(code, subject);
    if (subject !== null && sanction !== null) {
      const shared = await this.#readShared(subject, sanction);
      const view = { ...NOTHING, shared };
      if (shared.length === 0) return await this.#showOwn(language, asker);
      return this.#answer(language, 200, view, asker);
    }
    const age = subject === null ? null : await this.#readAge(subject, code);
    if (age !== null) return this.#answer(language, 200, { ...NOTHING, age }, asker);
    const of = signer.openMeasureCode(code);
    const measures = of === null ? [] : await this.#readMeasures({ case: of });
    if (measures.length > 0) {
      const view = { ...NOTHING, measures };
      return this.#answer(language, 200, view, asker);
    }
    // Looks up invalid codes in the store too, so that the response time doesn't reveal whether a
    // code is valid.
    const decision = signer.openAppealCode(code) ?? NO_DECISION;
    const decisions = await this.#read({ decision });
    if (decisions.length === 0) return null;
    return this.#answer(language, 200, { ...NOTHING, decisions }, asker);
  }

  /**
   * Files an appeal. Every error page contains the appeal's text, so that the user doesn't lose it.
   */
  async #file(language: LanguageTag, form: string, text: string, asker: Asker): Promise<Response> {
    const decision = this.#forms.open(form);
    if (decision === null) return this.#stale(language, text, asker);
    const { store, signer, clock } = this.#parts;
    const freshAppeal = brandId<AppealId>(signer.randomId());
    const nowMs = clock.wallMs();
    let fault: DraftFault | null = null;
    let decisions: readonly OwnDecision[] = [];
    try {
      const filed = await store.run('appeal.file', { decision, text, freshAppeal, nowMs });
      // The reason `crowded` can't occur here, because only appeals against a shared sanction are
      // limited in number.
      const isTaken = filed.ok || filed.reason === 'already-appealed' || filed.reason === 'crowded';
      if (!isTaken) fault = filed.reason;
      decisions = await this.#read({ decision });
    } catch (error) {
      return this.#notStored(language, text, asker, error);
    }
    const draft = fault === null ? null : { decision, text, fault };
    if (decisions.length === 0) {
      return this.#answer(language, 404, { state: 'ask', fault: { fault: 'unknown' } }, asker);
    }
    const status = fault === null ? 200 : 422;
    return this.#answer(language, status, { ...NOTHING, decisions, draft }, asker);
  }

  async #fileShared(
    language: LanguageTag,
    code: string,
    text: string,
    asker: Asker,
  ): Promise<Response> {
    const { store, signer, clock } = this.#parts;
    const { subject } = asker;
    const sanction = subject === null ? null : signer.openSharedCode(code, subject);
    if (subject === null || sanction === null) return this.#stale(language, text, asker);
    const freshAppeal = brandId<AppealId>(signer.randomId());
    const input = { sanction, subject, text, freshAppeal, nowMs: clock.wallMs() };
    let fault: SharedDraft['fault'] | null = null;
    let shared: readonly OwnShared[] = [];
    try {
      const filed = await store.run('appeal.file', input);
      if (!filed.ok && filed.reason !== 'already-appealed') fault = filed.reason;
      shared = await this.#readShared(subject, sanction);
    } catch (error) {
      return this.#notStored(language, text, asker, error);
    }
    if (shared.length === 0) {
      return this.#answer(language, 404, { state: 'ask', fault: { fault: 'unknown' } }, asker);
    }
    const draft = fault === null ? null : { sanction, text, fault };
    const status = fault === null ? 200 : 422;
    return this.#answer(language, status, { ...NOTHING, shared, draft }, asker);
  }

  async #fileMeasure(
    language: LanguageTag,
    of: CaseId,
    text: string,
    asker: Asker,
  ): Promise<Response> {
    const { store, signer, clock } = this.#parts;
    const freshAppeal = brandId<AppealId>(signer.randomId());
    const input = { case: of, text, freshAppeal, nowMs: clock.wallMs() };
    let fault: DraftFault | null = null;
    let measures: readonly OwnMeasure[] = [];
    try {
      const filed = await store.run('appeal.file', input);
      const isTaken = filed.ok || filed.reason === 'already-appealed' || filed.reason === 'crowded';
      if (!isTaken) fault = filed.reason;
      measures = await this.#readMeasures({ case: of });
    } catch (error) {
      return this.#notStored(language, text, asker, error);
    }
    // The measure ended while the user was writing the appeal.
    if (measures.length === 0 || (fault === 'unknown' && measures.every(isOver))) {
      return this.#answer(language, 404, { state: 'ask', fault: { fault: 'over', text } }, asker);
    }
    const draft = fault === null ? null : { case: of, text, fault };
    const status = fault === null ? 200 : 422;
    return this.#answer(language, status, { ...NOTHING, measures, draft }, asker);
  }

  async #fileAge(
    language: LanguageTag,
    code: string,
    text: string,
    asker: Asker,
  ): Promise<Response> {
    const { store, signer, clock } = this.#parts;
    const budget = this.#parts.budgets['age-appeals'];
    const { subject } = asker;
    const refusal = subject === null ? null : signer.openAgeCode(code, subject);
    if (subject === null || refusal === null) return this.#stale(language, text, asker);
    const freshAppeal = brandId<AppealId>(signer.randomId());
    const input = { age: refusal, text, freshAppeal, nowMs: clock.wallMs() };
    let fault: AgeDraft['fault'] | null = null;
    let age: AgeOnPage | null = null;
    try {
      const isCrowded = budget.take(asker.address.text) > 0;
      const filed = isCrowded ? refused('crowded') : await store.run('appeal.file', input);
      if (!filed.ok && !isCrowded) budget.release(asker.address.text);
      if (!filed.ok && filed.reason !== 'already-appealed') fault = filed.reason;
      age = await this.#readAge(subject, code);
    } catch (error) {
      return this.#notStored(language, text, asker, error);
    }
    // It ended while the user wrote.
    if (age === null || fault === 'unknown') {
      return this.#answer(language, 404, { state: 'ask', fault: { fault: 'over', text } }, asker);
    }
    const draft = fault === null ? null : { code, text, fault };
    return this.#answer(language, fault === null ? 200 : 422, { ...NOTHING, age, draft }, asker);
  }

  #stale(language: LanguageTag, text: string, asker: Asker): Response {
    return this.#answer(language, 403, { state: 'ask', fault: { fault: 'stale', text } }, asker);
  }

  #notStored(language: LanguageTag, text: string, asker: Asker, error: unknown): Response {
    this.#parts.log({ event: 'request-failed', ...describeError(error) });
    const fault = { fault: 'not-stored', text } as const;
    return this.#answer(language, 503, { state: 'ask', fault }, asker);
  }

  async #readMeasures(
    by: { readonly case: CaseId } | { readonly subject: SubjectId },
  ): Promise<readonly OwnMeasure[]> {
    return await this.#parts.store.run('measures.own', { by, nowMs: this.#parts.clock.wallMs() });
  }

  async #readShared(
    subject: SubjectId,
    sanction: SanctionId | null,
  ): Promise<readonly OwnShared[]> {
    const nowMs = this.#parts.clock.wallMs();
    const sanctions = sanction === null ? [] : [sanction];
    return await this.#parts.store.run('sanctions.shared', { subject, sanctions, nowMs });
  }

  /** Reads the refusal of the code, or without a code the user's last appeal against one. */
  async #readAge(subject: SubjectId, code: string | null): Promise<AgeOnPage | null> {
    const { signer, store, clock } = this.#parts;
    const refusal = code === null ? null : signer.openAgeCode(code, subject);
    if (code !== null && refusal === null) return null;
    const refusedUntilMs = refusal?.endsAtMs ?? null;
    const own = await store.run('age.own', { subject, refusedUntilMs, nowMs: clock.wallMs() });
    return own === null ? null : { own, code };
  }

  async #read(
    by: { readonly decision: DecisionId } | { readonly subject: SubjectId },
  ): Promise<readonly OwnDecision[]> {
    const nowMs = this.#parts.clock.wallMs();
    return await this.#parts.store.run('decisions.own', { by, nowMs });
  }

  /**
   * Returns whether a page of another site sent the request. Our own page sends `null` as its
   * origin if it has no referrer.
   */
  #isForeign({ origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
    if (site === 'cross-site' || site === 'same-site') return true;
    return origin !== undefined && origin !== 'null' && !this.#parts.site().allowsOrigin(origin);
  }

  #answer(language: LanguageTag, status: number, view: AppealView, { subject }: Asker): Response {
    const { clock, facts, signer } = this.#parts;
    const nowMs = clock.wallMs();
    const { operator } = facts();
    const formOf = (decision: DecisionId) => this.#forms.seal(decision);
    const codeOf = (decision: DecisionId) => signer.appealCode(decision);
    const measureCodeOf = (of: CaseId) => signer.measureCode(of);
    const measureFormOf = (of: CaseId) => this.#forms.sealMeasure(of);
    // A shared sanction is never drawn for a reader without a cookie, so the empty code is never
    // used.
    const sharedCodeOf = (sanction: SanctionId) =>
      subject === null ? '' : signer.sharedCode(sanction, subject);
    const sharedFormOf = (sanction: SanctionId) => this.#forms.sealShared(sharedCodeOf(sanction));
    return appealPage({
      language,
      status,
      view,
      nowMs,
      operator,
      codeOf,
      formOf,
      measureCodeOf,
      measureFormOf,
      sharedCodeOf,
      sharedFormOf,
      ageFormOf: (about) => this.#forms.sealAge(about),
    });
  }
}

function isOver({ endsAtMs }: OwnMeasure): boolean {
  return endsAtMs === null;
}

const NOTHING = {
  state: 'decisions',
  decisions: [],
  measures: [],
  shared: [],
  draft: null,
} as const;

const ASK = { state: 'ask', fault: null } as const;

/** An id that no decision has, because real ids are longer. */
const NO_DECISION = brandId<DecisionId>('no-decision');
