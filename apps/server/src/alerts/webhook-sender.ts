import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { request as requestByTls } from 'node:https';
import { mayWait } from '@farandole/moderation/alerts/alert';
import { WEBHOOK_TIMEOUT_MS } from '../limits.ts';
import { codeOf } from '../start-error.ts';
import type { AlertSender, OutgoingAlert } from './alert-sender.ts';

/**
 * Posts alerts to the operator's webhook, signed as Standard Webhooks 1.0 says. The key is the
 * UTF-8 text of the secret.
 */
export class WebhookSender implements AlertSender {
  readonly channel = 'webhook';
  readonly #url: URL;
  readonly #secret: string;

  constructor({ url, secret }: { readonly url: string; readonly secret: string }) {
    this.#url = new URL(url);
    this.#secret = secret;
  }

  /** Never follows a redirect, and never reads the answer's body. */
  async send(outgoing: OutgoingAlert): Promise<string | null> {
    const body = bodyOf(outgoing);
    const { id } = outgoing;
    const timestamp = String(Math.floor(outgoing.nowMs / 1_000));
    const { promise, resolve } = Promise.withResolvers<string | null>();
    const post = this.#url.protocol === 'https:' ? requestByTls : request;
    const sent = post(this.#url, {
      method: 'POST',
      // Alerts are rare, so a connection that was kept open may be dead.
      agent: false,
      signal: AbortSignal.timeout(WEBHOOK_TIMEOUT_MS),
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        'Webhook-Id': id,
        'Webhook-Timestamp': timestamp,
        'Webhook-Signature': `v1,${signatureOf(this.#secret, `${id}.${timestamp}.${body}`)}`,
      },
    });
    sent.on('response', (response) => {
      const { statusCode = 0 } = response;
      response.destroy();
      resolve(statusCode >= 200 && statusCode < 300 ? null : `HTTP ${statusCode}`);
    });
    sent.on('error', (error) => resolve(problemOf(error)));
    // An answer with the status 101 ends the connection without a response or an error.
    sent.on('close', () => resolve('failed'));
    sent.end(body);
    return await promise;
  }
}

function signatureOf(secret: string, signed: string): string {
  return createHmac('sha256', secret).update(signed).digest('base64');
}

function bodyOf({ id, alert, step, link, nowMs }: OutgoingAlert): string {
  const atMs = alert?.atMs ?? nowMs;
  return JSON.stringify({
    type: alert === null ? 'alert.test' : 'alert',
    timestamp: new Date(atMs).toISOString(),
    data: {
      id,
      kind: alert?.kind ?? 'test',
      class: alert?.class ?? null,
      count: alert?.count ?? 0,
      cases: alert?.cases ?? [],
      urgent: alert !== null && !mayWait(alert.kind),
      step,
      link,
    },
  });
}

/** Returns a short reason without the address, which may contain a secret. */
function problemOf(error: Error): string {
  // Node reports the timeout as the cause of an AbortError.
  const { name } = (error.cause ?? {}) as { readonly name?: unknown };
  return name === 'TimeoutError' ? 'timeout' : (codeOf(error) ?? 'failed');
}
