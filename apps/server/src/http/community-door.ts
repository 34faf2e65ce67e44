import type { Budget } from '@farandole/gateway/budget/budget';
import { sealCommunityPass } from '@farandole/gateway/community-door';
import { openSessionReceipt } from '@farandole/gateway/receipts';
import type { Clock } from '@farandole/kernel/clock';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { CommunityEntry, CommunityReply } from '@farandole/protocol/http-api';
import { COMMUNITY_CODE_CHARS_MAX, TOKEN_CHARS_MAX } from '@farandole/protocol/limits';
import type { CommunityMirror } from '../cache/community-mirror.ts';
import type { HoursMirror } from '../cache/hours-mirror.ts';
import type { NodeSigner } from '../keys/signer.ts';
import { COMMUNITY_PASS_LIFETIME_MS } from '../limits.ts';
import { readJsonBody } from './json-body.ts';
import { jsonReply } from './json-reply.ts';
import { bodyProblem, problem, waitProblem } from './problem.ts';

export interface CommunityDoorParts {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly signer: NodeSigner;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly communities: Pick<CommunityMirror, 'find'>;
  readonly hours: Pick<HoursMirror, 'facts'>;
  /** Wrong codes. */
  readonly codes: Budget;
}

/**
 * Shows a community to a page, and exchanges a code for a pass. The receipt proves that the user
 * has a session, and names the device key to which the pass is bound.
 */
export class CommunityDoor {
  readonly #parts: CommunityDoorParts;

  constructor(parts: CommunityDoorParts) {
    this.#parts = parts;
  }

  async take(request: Request, from: string): Promise<Response> {
    const body = await readJsonBody(request);
    if (!body.ok) return bodyProblem(body.reason);
    const { do: act, name, code, receipt, ...others } = body.value;
    if (typeof name !== 'string' || Object.keys(others).length > 0) {
      return bodyProblem('bad-request');
    }
    if (act === 'show' && code === undefined && receipt === undefined) return this.#show(name);
    if (act !== 'enter' || typeof code !== 'string' || typeof receipt !== 'string') {
      return bodyProblem('bad-request');
    }
    if (code.length > COMMUNITY_CODE_CHARS_MAX) return refusal('wrong-code');
    return await this.#enter({ name, code, receipt }, from);
  }

  #show(name: string): Response {
    const { communities, hours, clock } = this.#parts;
    const found = communities.find(name);
    const community =
      found === null ? null : { ...factsOf(found), hours: hours.facts(clock.wallMs(), name) };
    return jsonReply({ community } satisfies CommunityReply);
  }

  async #enter(
    { name, code, receipt }: { name: string; code: string; receipt: string },
    from: string,
  ): Promise<Response> {
    const { store, signer, clock, communities, codes } = this.#parts;
    const nowMs = clock.wallMs();
    const opened =
      receipt.length > TOKEN_CHARS_MAX ? null : openSessionReceipt(signer, receipt, nowMs);
    const device = opened?.device;
    if (device === undefined) {
      return problem('bad-receipt', 'This receipt is not from this server, or is too old.');
    }
    if (communities.find(name) === null) return refusal('gone');
    // The guess uses the budget before it is checked, so that parallel guesses gain nothing.
    const waitMs = codes.take(from);
    if (waitMs > 0) return waitProblem(waitMs);
    const id = signer.communityCodeId(name, code);
    const browser = signer.communityDevice(id, device);
    const entered = await store.run('community.enter', { name, code: id, device: browser, nowMs });
    if (!entered.ok && entered.reason === 'wrong-code') return refusal('wrong-code');
    codes.release(from);
    if (!entered.ok) return refusal('gone');
    const endsAtWallMs = nowMs + COMMUNITY_PASS_LIFETIME_MS;
    const pass = sealCommunityPass(signer, { community: name, device, code: id, endsAtWallMs });
    return jsonReply({ pass, endsAtMs: endsAtWallMs } satisfies CommunityEntry);
  }
}

function factsOf({ facts, needsCode }: NonNullable<ReturnType<CommunityMirror['find']>>) {
  const { name, title, language, rules, version } = facts;
  return { name, title, language, rules, version, needsCode };
}

/** Expected refusals have the HTTP status 200, because browsers log others as errors. */
function refusal(refused: 'gone' | 'wrong-code'): Response {
  return jsonReply({ refused } satisfies CommunityEntry);
}
