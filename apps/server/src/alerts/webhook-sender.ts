import { createHmac } from 'node:crypto';
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
  readonly #url: string;
  readonly #secret: string;

  constructor({ url, secret }: { readonly url: string; readonly secret: string }) {
    this.#url = url;
    this.#secret = secret;
  }

  /** Never follows a redirect, and never reads the answer's body. */
  async send(outgoing: OutgoingAlert): Promise<string | null> {
    const body = bodyOf(outgoing);
    const { id } = outgoing;
    const timestamp = String(Math.floor(outgoing.nowMs / 1_000));
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        redirect: 'manual',
        body,
        signal: AbortSignal.timeout(WEBHOOK_TIMEOUT_MS),
        headers: {
          'Content-Type': 'application/json',
          'Webhook-Id': id,
          'Webhook-Timestamp': timestamp,
          'Webhook-Signature': `v1,${signatureOf(this.#secret, `${id}.${timestamp}.${body}`)}`,
        },
      });
      await response.body?.cancel();
      return response.ok ? null : `HTTP ${response.status}`;
    } catch (error) {
      return problemOf(error);
    }
  }
}

export function signatureOf(secret: string, signed: string): string {
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
function problemOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'timeout';
  const cause = error instanceof Error ? error.cause : null;
  return codeOf(cause) ?? codeOf(error) ?? 'failed';
}
