import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { helloPayload } from '@farandole/protocol/hello-payload';
import { SESSION_TICKET_PATH, type SessionTicketReply } from '@farandole/protocol/http-api';
import { ask } from './http.ts';

/** Reporters needed for an automatic suspension. */
const REPORTERS_OF_A_SUSPENSION = 2;

/** A user who may return: an address, a device key, and the cookie of the first visit. */
export class SoakPerson {
  readonly from: string;
  /** Uncompressed P-256 point, base64url. */
  readonly publicKey: string;
  readonly reporters = new Set<SoakPerson>();
  /** Permanent here: no moderator reviews it. */
  isKeptOut = false;
  hasCome = false;
  readonly #privateKey: KeyObject;
  #cookie: string | null = null;

  constructor(from: string) {
    this.from = from;
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const point = [Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
    this.publicKey = Buffer.concat(point).toString('base64url');
    this.#privateKey = privateKey;
  }

  get mayBeKeptOut(): boolean {
    return this.reporters.size >= REPORTERS_OF_A_SUSPENSION;
  }

  headers(port: number): Record<string, string> {
    return {
      Origin: `http://localhost:${port}`,
      ...(this.#cookie === null ? {} : { Cookie: this.#cookie }),
    };
  }

  /** @throws Error when the node gives none */
  async fetchTicket(port: number): Promise<string> {
    const { status, headers, body } = await ask({
      port,
      from: this.from,
      method: 'POST',
      path: SESSION_TICKET_PATH,
      headers: { ...this.headers(port), 'Content-Type': 'application/json' },
      body: '{}',
    });
    if (status !== 200) throw new Error(`no session ticket: ${status}`);
    this.#cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? this.#cookie;
    return (JSON.parse(body.toString('utf8')) as SessionTicketReply).ticket;
  }

  signHello(nonce: string, bearer: string): string {
    const key = { key: this.#privateKey, dsaEncoding: 'ieee-p1363' } as const;
    return sign('sha256', Buffer.from(helloPayload(nonce, bearer)), key).toString('base64url');
  }
}
