import { randomBytes } from 'node:crypto';
import { RECOVERY_CODES } from '@farandole/accounts/limits';
import { digestOf } from './secrets.ts';
import { base32Of } from './totp.ts';

/** Length in bytes of a recovery code, whose 120 bits are 24 letters in base32. */
const CODE_BYTES = 15;
const GROUP = /.{4}/g;

export interface RecoveryCodes {
  /** The recovery codes, which the member sees only once. */
  readonly codes: readonly string[];
  readonly digests: readonly string[];
}

export function freshRecoveryCodes(): RecoveryCodes {
  const codes = Array.from({ length: RECOVERY_CODES }, () => {
    const letters = base32Of(randomBytes(CODE_BYTES));
    return (letters.match(GROUP) ?? []).join('-').toLowerCase();
  });
  return { codes, digests: codes.map(recoveryDigestOf) };
}

/** Returns the digest of a typed recovery code. Ignores hyphens, spaces and case. */
export function recoveryDigestOf(typed: string): string {
  return digestOf(typed.toLowerCase().replaceAll(/[^a-z2-7]/g, ''));
}
