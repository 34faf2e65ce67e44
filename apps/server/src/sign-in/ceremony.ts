import { CHALLENGE_MS } from '@farandole/accounts/limits';
import { memberCookieHeader, namedCookie } from '../http/cookie.ts';
import type { NodeSigner } from '../keys/signer.ts';

/** The cookie that a browser keeps between the two steps of signing in. */
const CEREMONY_COOKIE = '__Host-farandole-ceremony';

/** Begun by one request and ended by another one of the same browser. */
export interface Ceremony {
  readonly what: 'passkey-answer' | 'passkey-new' | 'password-new';
  /** What the passkey signs, 256 bits in base64url; or the secret of the new authenticator. */
  readonly value: string;
  /** Whose new passkey it will be; else empty. */
  readonly member: string;
  readonly untilMs: number;
}

/**
 * Keeps a ceremony in the browser that began it, sealed: nobody can read it, change it or end it in
 * another browser, and however many begin one, the node keeps nothing.
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

  /** What this browser began, if it is of this kind and not too long ago. */
  read(request: Request, what: Ceremony['what'], nowMs: number): Ceremony | null {
    const sealed = namedCookie(request.headers.get('cookie') ?? undefined, CEREMONY_COOKIE);
    const opened = sealed === null ? null : this.#signer.open('ceremony', sealed);
    if (opened === null) return null;
    // Nobody else can have sealed it.
    const ceremony = JSON.parse(opened) as Ceremony;
    return ceremony.what === what && nowMs < ceremony.untilMs ? ceremony : null;
  }

  /** @returns a `Set-Cookie` header that takes it away */
  end(): string {
    return memberCookieHeader(CEREMONY_COOKIE, null, 0);
  }
}
