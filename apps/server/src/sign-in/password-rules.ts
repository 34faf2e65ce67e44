import { nameKeyOf } from '@farandole/accounts/sign-in';
import type { ZxcvbnFactory } from '@zxcvbn-ts/core';

/** Minimum length of a password in UTF-16 code units. Members need a second factor too. */
export const PASSWORD_UNITS_MIN = 12;
export const PASSWORD_UNITS_MAX = 256;
/** Minimum number of guesses that a password must withstand. A weaker password is refused. */
const GUESSES_MIN = 1e8;
/**
 * Number of UTF-16 code units of a password that are checked for guessability. It is limited,
 * because the cost of the check grows with the length.
 */
const JUDGED_UNITS_MAX = 40;

/**
 * Returns why a password is refused; null if it is accepted. A password is refused if it is too
 * short, too long or easy to guess. A password is easy to guess if it varies one of the 49,000 most
 * used passwords, a keyboard pattern, or a name of the member or the site. No character classes are
 * required.
 */
export async function passwordFault(
  password: string,
  { name, site }: { readonly name: string; readonly site: string },
): Promise<'too-short' | 'too-long' | 'too-common' | null> {
  if (password.length < PASSWORD_UNITS_MIN) return 'too-short';
  if (password.length > PASSWORD_UNITS_MAX) return 'too-long';
  const judge = await passwordJudge();
  const known = [name, site]
    .map(nameKeyOf)
    .flatMap((whole) => [whole, ...whole.split(/[^\p{L}]+/u)]);
  const { guesses } = judge.check(nameKeyOf(password).slice(0, JUDGED_UNITS_MAX), [
    ...known.filter((word) => word.length > 2),
    ...['farandole', 'console', 'moderator'],
  ]);
  return guesses < GUESSES_MIN ? 'too-common' : null;
}

let loading: Promise<ZxcvbnFactory> | null = null;

/**
 * The word lists of the password check take about 25 MB, so they are loaded when the first password
 * is checked.
 */
function passwordJudge(): Promise<ZxcvbnFactory> {
  loading ??= Promise.all([import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common')]).then(
    ([core, common]) =>
      new core.ZxcvbnFactory({ dictionary: common.dictionary, graphs: common.adjacencyGraphs }),
  );
  // After a failure the next call loads the word lists again.
  loading.catch(() => {
    loading = null;
  });
  return loading;
}
