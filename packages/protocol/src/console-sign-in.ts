/**
 * The console's API for sign-in and for members. The request handlers validate each field of
 * these bodies.
 */

/** POST `link` returns the member that a sign-in link signs in. */
export interface ConsoleLink {
  /** Null if the link is for the server's first member, who has no name yet. */
  readonly name: string | null;
}

/** POST `link/password-options` and `security/password-options` return a new authenticator. */
export interface ConsoleAuthenticator {
  /** The authenticator's secret in base32, for typing. */
  readonly secret: string;
  /** The `otpauth:` address of the authenticator. */
  readonly address: string;
}

/**
 * New recovery codes, sent when the member sets a password or renews the codes. The page shows
 * them once.
 */
export interface ConsoleRecoveryCodes {
  readonly recoveryCodes: readonly string[];
}

/** GET `security` returns the member's own credentials and sessions. */
export interface ConsoleSecurity {
  readonly passkeys: readonly {
    readonly id: string;
    readonly label: string;
    readonly atMs: number;
    readonly usedAtMs: number | null;
  }[];
  readonly sessions: readonly {
    readonly id: string;
    readonly way: 'passkey' | 'password' | 'recovery-code' | 'link';
    readonly atMs: number;
    readonly seenAtMs: number;
    readonly isThis: boolean;
  }[];
  /** Null if the member has no password. */
  readonly recoveryCodesLeft: number | null;
  /** Time by the node's clock until which the member may change credentials. */
  readonly freshUntilMs: number;
}

/** GET `members` returns all members. */
export interface ConsoleMembers {
  readonly members: readonly {
    readonly id: string;
    readonly name: string;
    readonly roles: readonly string[];
    readonly atMs: number;
    readonly leftAtMs: number | null;
    readonly canSignIn: boolean;
    readonly proposed: readonly string[] | null;
  }[];
}

/** POST `members/link` returns a new sign-in link. */
export interface ConsoleMemberLink {
  readonly link: string;
  readonly untilMs: number;
}
