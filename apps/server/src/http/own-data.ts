import type { Budget } from '@farandole/gateway/budget/budget';
import { openSessionTicket } from '@farandole/gateway/session-ticket';
import type { Clock } from '@farandole/kernel/clock';
import type { SubjectId } from '@farandole/kernel/id';
import { tellOwnData } from '@farandole/moderation/privacy/exported-data';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type {
  OwnDataAct,
  OwnDataCodeReply,
  OwnDataErasedReply,
} from '@farandole/protocol/http-api';
import { TOKEN_CHARS_MAX } from '@farandole/protocol/limits';
import type { NodeSigner } from '../keys/signer.ts';
import { readCookie } from './cookie.ts';
import { readJsonBody } from './json-body.ts';
import { jsonReply } from './json-reply.ts';
import { bodyProblem, problem, waitProblem } from './problem.ts';

export interface OwnDataParts {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly signer: NodeSigner;
  readonly clock: Clock;
  readonly onErased: (subject: SubjectId) => void;
  /**
   * Limits the requests, and how many wait for an answer. A request counts before it is
   * authenticated, so that recovery codes can't be guessed.
   */
  readonly budgets: { readonly 'own-data': Budget; readonly 'own-data-waiting': Budget };
}

const ACTS: readonly OwnDataAct[] = ['export', 'erase', 'code'];

/**
 * Exports or erases a user's data. Each request reads many rows, so the requests run one at a time
 * and are rate-limited per network.
 */
export class OwnDataRequests {
  readonly #parts: OwnDataParts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: OwnDataParts) {
    this.#parts = parts;
  }

  async take(
    request: Request,
    cookieHeader: string | undefined,
    address: string,
  ): Promise<Response> {
    const body = await readJsonBody(request);
    if (!body.ok) return bodyProblem(body.reason);
    const asked = readRequest(body.value);
    if (asked === null) return bodyProblem('bad-request');
    const { 'own-data': requests, 'own-data-waiting': waiting } = this.#parts.budgets;
    const waitMs = requests.take(address);
    if (waitMs > 0) return waitProblem(waitMs);
    const subject = this.#subjectOf(asked, cookieHeader);
    if (subject === null) {
      return 'code' in asked
        ? problem('bad-receipt', 'This is not a recovery code of this server.')
        : problem('bad-receipt', 'This does not identify you. Reload the page.');
    }
    const busyMs = waiting.take(address);
    if (busyMs > 0) return waitProblem(busyMs);
    const answered = this.#last.then(() => this.#answer(asked.do, subject));
    this.#last = answered.catch(() => {});
    try {
      return jsonReply(await answered);
    } finally {
      waiting.release(address);
    }
  }

  async #answer(act: OwnDataAct, subject: SubjectId): Promise<object> {
    const { store, signer, clock, onErased } = this.#parts;
    if (act === 'code') return { code: signer.recoveryCode(subject) } satisfies OwnDataCodeReply;
    if (act === 'export') {
      return tellOwnData(await store.run('subject.export', { subject }), clock.wallMs());
    }
    const erased = await store.run('subject.erase', { subject, nowMs: clock.wallMs() });
    onErased(subject);
    const { reports, undecided, needed } = erased;
    // `waits` depends only on records that this user wrote. The field `later` would also reveal
    // that another user reported this one.
    const waits = undecided + needed > 0;
    return { reports, waits } satisfies OwnDataErasedReply;
  }

  #subjectOf(asked: OwnDataRequest, cookieHeader: string | undefined): SubjectId | null {
    const { signer, clock } = this.#parts;
    if ('code' in asked) return signer.openRecoveryCode(asked.code);
    const cookie = readCookie(cookieHeader);
    const subject = cookie === null ? null : signer.subjectOf(cookie);
    const shown = openSessionTicket(signer, asked.ticket, clock.wallMs());
    return shown !== null && shown.subject === subject ? subject : null;
  }
}

type OwnDataRequest = { readonly do: OwnDataAct } & (
  | { readonly ticket: string }
  | { readonly code: string }
);

function readRequest(body: Readonly<Record<string, unknown>>): OwnDataRequest | null {
  const { do: asked, ticket, code, ...others } = body;
  const act = ACTS.find((known) => known === asked);
  if (act === undefined || Object.keys(others).length > 0) return null;
  if (typeof ticket === 'string' && code === undefined && ticket.length <= TOKEN_CHARS_MAX) {
    return { do: act, ticket };
  }
  if (typeof code === 'string' && ticket === undefined && code.length <= TOKEN_CHARS_MAX) {
    // A user who authenticates with a recovery code already has one, so such a request can't ask
    // for a code.
    return act === 'code' ? null : { do: act, code: code.trim() };
  }
  return null;
}
