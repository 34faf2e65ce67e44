import { openSessionReceipt } from '@farandole/gateway/receipts';
import type { Clock } from '@farandole/kernel/clock';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { MODES } from '@farandole/protocol/fields';
import type { NotificationsReply } from '@farandole/protocol/http-api';
import { TOKEN_CHARS_MAX } from '@farandole/protocol/limits';
import type { NodeSigner } from '../keys/signer.ts';
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
    const { do: act, endpoint, mode: asked, receipt, ...others } = body.value;
    if (typeof endpoint !== 'string' || Object.keys(others).length > 0) {
      return bodyProblem('bad-request');
    }
    if (parseEndpoint(endpoint, route) === null) {
      return problem('not-allowed', 'This server sends nothing to this push service.');
    }
    if (act === 'stop') {
      for (const isForHour of asked === 'hour' ? [true] : [false, true]) {
        await store.run('push.unsubscribe', { id: keys.idOf(endpoint, isForHour) });
      }
      return jsonReply({});
    }
    const mode = asked === 'hour' ? asked : MODES.find((known) => known === asked);
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
    const id = keys.idOf(endpoint, mode === 'hour');
    const reply: NotificationsReply = await store.run('push.subscribe', {
      ...{ id, subject, mode, sealed, nowMs },
    });
    return jsonReply(reply);
  }
}
