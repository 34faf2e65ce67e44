import { CHALLENGE_MS } from '@farandole/accounts/limits';
import { memberCookieHeader, namedCookie } from '../http/cookie.ts';
import type { NodeSigner } from '../keys/signer.ts';

const CEREMONY_COOKIE = '__Host-farandole-ceremony';

/** A sign-in step that one request starts and another request of the same browser finishes. */
export interface Ceremony {
  readonly what: 'passkey-answer' | 'passkey-new' | 'password-new';
  /** The challenge for a passkey (256 bits in base64url), or the secret of a new authenticator. */
  readonly value: string;
  /** The owner of a new passkey; empty for any other ceremony. */
  readonly member: string;
  readonly untilMs: number;
}

/**
 * Stores the state of a ceremony encrypted in the browser, and nothing on the node. The state can't
 * be read or altered, nor the ceremony finished in another browser.
 */
export class Ceremonies {
  readonly #signer: Pick<NodeSigner, 'seal' | 'open'>;

  constructor(signer: Pick<NodeSigner, 'seal' | 'open'>) {
    this.#signer = signer;
  }

  /** @returns a `Set-Cookie` header */
  begin(ceremony: Omit<Ceremony, 'untilMs'>, nowMs: number): string {
    const whole: Ceremony = { ...ceremony, untilMs: nowMs + CHALLENGE_MS };
    const sealed = this.#signer.seal('ceremony', JSON.stringify(whole));
    return memberCookieHeader(CEREMONY_COOKIE, sealed, CHALLENGE_MS);
  }

  /** Returns the browser's ceremony; null if it is of another kind or expired. */
  read(request: Request, what: Ceremony['what'], nowMs: number): Ceremony | null {
    const sealed = namedCookie(request.headers.get('cookie') ?? undefined, CEREMONY_COOKIE);
    const opened = sealed === null ? null : this.#signer.open('ceremony', sealed);
    if (opened === null) return null;
    // The token is authenticated, so its content is ours.
    const ceremony = JSON.parse(opened) as Ceremony;
    return ceremony.what === what && nowMs < ceremony.untilMs ? ceremony : null;
  }

  /** @returns a `Set-Cookie` header that deletes the cookie */
  end(): string {
    return memberCookieHeader(CEREMONY_COOKIE, null, 0);
  }
}
