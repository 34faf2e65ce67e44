import { CHALLENGE_MS } from '@farandole/accounts/limits';
import { memberCookieHeader, namedCookie } from '../http/cookie.ts';
import type { NodeSigner } from '../keys/signer.ts';

const CEREMONY_COOKIE = '__Host-farandole-ceremony';

/** A step of a sign-in that one request starts and a later request of the same browser finishes. */
export interface Ceremony {
  readonly what: 'passkey-answer' | 'passkey-new' | 'password-new';
  /**
   * The challenge for a passkey (256 bits in base64url), or the secret of a new authenticator app.
   */
  readonly value: string;
  /** The member who will own the new passkey; empty for any other ceremony. */
  readonly member: string;
  readonly untilMs: number;
}

/**
 * Stores the state of a sign-in ceremony encrypted in the browser, and nothing on the node. The
 * browser can neither read nor alter the state, and no other browser can finish the ceremony.
 */
export class Ceremonies {
  readonly #signer: Pick<NodeSigner, 'seal' | 'open'>;

  constructor(signer: Pick<NodeSigner, 'seal' | 'open'>) {
    this.#signer = signer;
  }

  /** @returns the `Set-Cookie` header that stores the ceremony's state */
  begin(ceremony: Omit<Ceremony, 'untilMs'>, nowMs: number): string {
    const whole: Ceremony = { ...ceremony, untilMs: nowMs + CHALLENGE_MS };
    const sealed = this.#signer.seal('ceremony', JSON.stringify(whole));
    return memberCookieHeader(CEREMONY_COOKIE, sealed, CHALLENGE_MS);
  }

  /**
   * Returns the ceremony of the browser that sent the request; null if there is none, or it is of
   * another kind or expired.
   */
  read(request: Request, what: Ceremony['what'], nowMs: number): Ceremony | null {
    const sealed = namedCookie(request.headers.get('cookie') ?? undefined, CEREMONY_COOKIE);
    const opened = sealed === null ? null : this.#signer.open('ceremony', sealed);
    if (opened === null) return null;
    // The token is authenticated, so this server wrote its content.
    const ceremony = JSON.parse(opened) as Ceremony;
    return ceremony.what === what && nowMs < ceremony.untilMs ? ceremony : null;
  }

  /** @returns the `Set-Cookie` header that deletes the ceremony's cookie */
  end(): string {
    return memberCookieHeader(CEREMONY_COOKIE, null, 0);
  }
}
