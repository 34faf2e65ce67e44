import { nameKeyOf } from '@farandole/moderation/sign-in';

/** UTF-16 units. A second factor stands beside it; whoever wants a sentence has room for it. */
export const PASSWORD_UNITS_MIN = 12;
export const PASSWORD_UNITS_MAX = 256;
/** Fewer different characters than this are a pattern, not a password. */
const DIFFERENT_MIN = 6;

/** What many have chosen before, of those that are long enough. */
const COMMON: ReadonlySet<string> = new Set([
  '0123456789ab',
  '123456789012',
  '1234567890123',
  '12345678901234567890',
  '1234567890ab',
  '1234567890qwerty',
  '123456789abc',
  '1q2w3e4r5t6y',
  '1q2w3e4r5t6y7u8i',
  '1qaz2wsx3edc',
  '1qaz2wsx3edc4rfv',
  'abcdefghijkl',
  'abcdefghijklmnop',
  'administrator',
  'administrator1',
  'asdfghjkl123',
  'changeme1234',
  'correcthorsebatterystaple',
  'iloveyou1234',
  'iloveyouforever',
  'letmein12345',
  'motdepasse12',
  'motdepasse123',
  'motdepasse1234',
  'password1234',
  'password12345',
  'password123456',
  'passwordpassword',
  'qazwsxedcrfv',
  'qwerty123456',
  'qwertyuiop12',
  'qwertyuiop123',
  'qwertyuiopasdfghjkl',
  'unbelievable',
  'welcome12345',
  'zaq12wsxcde3',
]);

/**
 * Why a password will not do, or null: too short, too long, one that others try first, or the names
 * of its owner and of this place with little else. Nothing is asked of its kinds of characters.
 */
export function passwordFault(
  password: string,
  { name, site }: { readonly name: string; readonly site: string },
): 'too-short' | 'too-long' | 'too-common' | null {
  if (password.length < PASSWORD_UNITS_MIN) return 'too-short';
  if (password.length > PASSWORD_UNITS_MAX) return 'too-long';
  const plain = nameKeyOf(password);
  if (COMMON.has(plain) || new Set(plain).size < DIFFERENT_MIN) return 'too-common';
  let rest = plain;
  for (const known of [nameKeyOf(name), nameKeyOf(site), 'farandole', 'console', 'moderator']) {
    if (known.length > 2) rest = rest.replaceAll(known, '');
  }
  return rest.length < plain.length && rest.length < PASSWORD_UNITS_MIN / 2 ? 'too-common' : null;
}
