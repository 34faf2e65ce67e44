import { CHALLENGE_MS } from '@farandole/accounts/limits';
import { memberCookieHeader, namedCookie } from '../http/cookie.ts';
import type { NodeSigner } from '../keys/signer.ts';

const CEREMONY_COOKIE = '__Host-farandole-ceremony';

/** Started by one request and finished by another of the same browser. */
export interface Ceremony {
  readonly what: 'passkey-answer' | 'passkey-new' | 'password-new';
  /** The challenge for the passkey, 256 bits in base64url; or the secret of the new authenticator. */
  readonly value: string;
  /** The owner of a new passkey; else empty. */
  readonly member: string;
  readonly untilMs: number;
}

/**
 * Keeps the state of a ceremony in the browser, encrypted. It can't be read, altered or finished in
 * another browser, and the node stores nothing.
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

  /** The browser's ceremony, if of this kind and not expired. */
  read(request: Request, what: Ceremony['what'], nowMs: number): Ceremony | null {
    const sealed = namedCookie(request.headers.get('cookie') ?? undefined, CEREMONY_COOKIE);
    const opened = sealed === null ? null : this.#signer.open('ceremony', sealed);
    if (opened === null) return null;
    // Authenticated, so the content is ours.
    const ceremony = JSON.parse(opened) as Ceremony;
    return ceremony.what === what && nowMs < ceremony.untilMs ? ceremony : null;
  }

  /** @returns a `Set-Cookie` header that deletes the cookie */
  end(): string {
    return memberCookieHeader(CEREMONY_COOKIE, null, 0);
  }
}
