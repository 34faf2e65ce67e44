import { type LookupAddress, lookup } from 'node:dns';
import { Agent, request } from 'node:https';
import type { LookupFunction } from 'node:net';
import { parseIpAddress } from '@farandole/gateway/signal-policy/address';
import type { PushKeys } from './push-keys.ts';
import type { PushOutcome } from './push-outcome.ts';
import { type PushRoute, parseEndpoint } from './push-route.ts';

const TIMEOUT_MS = 10_000;
/** Time in s for which a push service keeps a notification for a browser that is offline. */
const KEPT_S = 300;
/** A newer notification with the same topic replaces an older one that wasn't delivered. */
const TOPIC = 'someone';
const GONE: ReadonlySet<number> = new Set([404, 410]);

export interface PushSenderParts {
  readonly keys: PushKeys;
  readonly route: PushRoute;
  /** Returns a `mailto:` or `https:` address of the operator. */
  readonly contact: () => string;
  readonly wallMs: () => number;
  /** Resolves the names of hosts. By default the system does. */
  readonly lookup?: typeof lookup;
}

/**
 * Sends notifications. A notification has no content, because the browser's service worker has the
 * only text that is ever shown. The push service therefore learns nothing but the address.
 */
export class PushSender {
  readonly #parts: PushSenderParts;
  readonly #agent: Agent;

  constructor(parts: PushSenderParts) {
    this.#parts = parts;
    const { ca, isAllowed } = parts.route;
    this.#agent = new Agent({
      keepAlive: false,
      lookup: allowedLookup(parts.lookup ?? lookup, isAllowed),
      ...(ca !== undefined && { ca }),
    });
  }

  /** Never follows a redirect, and never reads the answer's body. */
  async send(endpoint: string): Promise<PushOutcome> {
    const { keys, route, contact, wallMs } = this.#parts;
    const url = parseEndpoint(endpoint, route);
    if (url === null) return 'failed';
    const { promise, resolve } = Promise.withResolvers<PushOutcome>();
    const sent = request(url, {
      method: 'POST',
      agent: this.#agent,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        Authorization: keys.authorization(url.origin, contact(), wallMs()),
        'Content-Length': 0,
        TTL: KEPT_S,
        Topic: TOPIC,
        Urgency: 'normal',
      },
    });
    sent.on('response', (response) => {
      const status = response.statusCode ?? 0;
      response.destroy();
      resolve(GONE.has(status) ? 'gone' : status >= 200 && status < 300 ? 'sent' : 'refused');
    });
    sent.on('error', () => resolve('failed'));
    sent.end();
    return await promise;
  }
}

/**
 * Resolves a name to the allowed ones of its addresses, and fails if there is none. The socket
 * connects to the returned address, so the name can't resolve to another one after the check.
 */
function allowedLookup(resolve: typeof lookup, isAllowed: PushRoute['isAllowed']): LookupFunction {
  return (name, options, callback) => {
    resolve(name, { ...options, all: true }, (error, found: readonly LookupAddress[]) => {
      const allowed = (error === null ? found : []).filter(({ address }) => {
        const parsed = parseIpAddress(address);
        return parsed !== null && isAllowed(parsed);
      });
      const [first] = allowed;
      if (first === undefined) {
        callback(error ?? new Error('no allowed address'), '', 0);
      } else if (options.all === true) {
        callback(null, allowed);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}
