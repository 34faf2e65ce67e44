import { openSessionReceipt } from '@farandole/gateway/receipts';
import type { Clock } from '@farandole/kernel/clock';
import { isCommunityName } from '@farandole/kernel/id';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { MODES } from '@farandole/protocol/fields';
import type { NotificationsReply } from '@farandole/protocol/http-api';
import { TOKEN_CHARS_MAX } from '@farandole/protocol/limits';
import type { NodeSigner } from '../keys/signer.ts';
import { hourMode } from '../push/hour-mode.ts';
import type { PushKeys } from '../push/push-keys.ts';
import { type PushRoute, parseEndpoint } from '../push/push-route.ts';
import { readJsonBody } from './json-body.ts';
import { jsonReply } from './json-reply.ts';
import { bodyProblem, problem } from './problem.ts';

export interface NotificationRequestsParts {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly signer: NodeSigner;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly keys: PushKeys;
  readonly route: PushRoute;
}

/**
 * Takes requests for notifications. The receipt proves that the user had a session, for which the
 * user did the proof of work. To end notifications, the endpoint is enough, because only the
 * browser and its push service know it.
 */
export class NotificationRequests {
  readonly #parts: NotificationRequestsParts;

  constructor(parts: NotificationRequestsParts) {
    this.#parts = parts;
  }

  async take(request: Request): Promise<Response> {
    const { store, signer, clock, keys, route } = this.#parts;
    const body = await readJsonBody(request);
    if (!body.ok) return bodyProblem(body.reason);
    const { do: act, endpoint, mode: asked, receipt, community, ...others } = body.value;
    if (typeof endpoint !== 'string' || Object.keys(others).length > 0) {
      return bodyProblem('bad-request');
    }
    const isNamed = typeof community === 'string' && isCommunityName(community);
    if (community !== undefined && (asked !== 'hour' || !isNamed)) {
      return bodyProblem('bad-request');
    }
    const hour = hourMode(isNamed ? community : undefined);
    if (parseEndpoint(endpoint, route) === null) {
      return problem('not-allowed', 'This server sends nothing to this push service.');
    }
    if (act === 'stop') {
      for (const each of asked === 'hour' ? [hour] : [null, hour]) {
        await store.run('push.unsubscribe', { id: keys.idOf(endpoint, each) });
      }
      return jsonReply({});
    }
    const mode = asked === 'hour' ? hour : MODES.find((known) => known === asked);
    if (act !== 'start' || mode === undefined || typeof receipt !== 'string') {
      return bodyProblem('bad-request');
    }
    const nowMs = clock.wallMs();
    const opened =
      receipt.length > TOKEN_CHARS_MAX ? null : openSessionReceipt(signer, receipt, nowMs);
    if (opened === null) {
      return problem('bad-receipt', 'This receipt is not from this server, or is too old.');
    }
    const { subject } = opened;
    const sealed = keys.seal(endpoint);
    const id = keys.idOf(endpoint, asked === 'hour' ? hour : null);
    const reply: NotificationsReply = await store.run('push.subscribe', {
      ...{ id, subject, mode, sealed, nowMs },
    });
    return jsonReply(reply);
  }
}
