/**
 * What the console and a node say to each other about signing in and about members, beside
 * `console-api.ts`. What is asked is read field by field where it is answered.
 */

/** POST `link`: whom a link lets in. */
export interface ConsoleLink {
  /** Null for the first member, who has no name yet. */
  readonly name: string | null;
}

/** POST `link/password-options` and `security/password-options`: a new authenticator. */
export interface ConsoleAuthenticator {
  /** Base32, to be typed. */
  readonly secret: string;
  /** `otpauth:`, to be opened on the device that has the authenticator. */
  readonly address: string;
}

/** What came with a new password, or in the place of the old ones: shown once. */
export interface ConsoleRecoveryCodes {
  readonly recoveryCodes: readonly string[];
}

/** GET `security`: how a member signs in, and where they are signed in. */
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
    /** The one of the browser that asks. */
    readonly isThis: boolean;
  }[];
  /** Null without a password. */
  readonly recoveryCodesLeft: number | null;
  /** Until when what is shown may be changed without signing in again, by the node's clock. */
  readonly freshUntilMs: number;
}

/** GET `members` */
export interface ConsoleMembers {
  readonly members: readonly {
    readonly id: string;
    readonly name: string;
    readonly roles: readonly string[];
    readonly atMs: number;
    /** When they stopped being one; null while they are. */
    readonly leftAtMs: number | null;
    readonly canSignIn: boolean;
    /** Roles that wait for a second person's answer. */
    readonly proposed: readonly string[] | null;
  }[];
}

/** POST `members/link` */
export interface ConsoleMemberLink {
  readonly link: string;
  readonly untilMs: number;
}
