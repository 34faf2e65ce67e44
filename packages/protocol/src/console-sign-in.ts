/** The console API for sign-in and members. Handlers validate these bodies field by field. */

/** POST `link`: the member that a link signs in. */
export interface ConsoleLink {
  /** Null for the first member, who has no name yet. */
  readonly name: string | null;
}

/** POST `link/password-options` and `security/password-options`: a new authenticator. */
export interface ConsoleAuthenticator {
  /** Base32, for typing. */
  readonly secret: string;
  /** An `otpauth:` address. */
  readonly address: string;
}

/** Sent with a new password or on renewal; shown once. */
export interface ConsoleRecoveryCodes {
  readonly recoveryCodes: readonly string[];
}

/** GET `security`: the member's own credentials and sessions. */
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
  /** Null without a password. */
  readonly recoveryCodesLeft: number | null;
  /** End of the period in which credentials can be changed, by the node's clock. */
  readonly freshUntilMs: number;
}

/** GET `members` */
export interface ConsoleMembers {
  readonly members: readonly {
    readonly id: string;
    readonly name: string;
    readonly roles: readonly string[];
    readonly atMs: number;
    /** Null for a current member. */
    readonly leftAtMs: number | null;
    readonly canSignIn: boolean;
    readonly proposed: readonly string[] | null;
  }[];
}

/** POST `members/link` */
export interface ConsoleMemberLink {
  readonly link: string;
  readonly untilMs: number;
}
