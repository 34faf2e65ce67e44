import { nameKeyOf } from '@farandole/accounts/sign-in';
import type { ZxcvbnFactory } from '@zxcvbn-ts/core';

/** UTF-16 units. A second factor is required too. */
export const PASSWORD_UNITS_MIN = 12;
export const PASSWORD_UNITS_MAX = 256;
/** A password that takes fewer guesses is refused. */
const GUESSES_MIN = 1e8;
/** Limits the cost of the check, which grows with the length. */
const JUDGED_UNITS_MAX = 40;

/**
 * Why a password is refused, or null: too short, too long, or easy to guess, such as one of the
 * 49,000 most used with usual variations, a keyboard pattern, or a name of the member or the site.
 * No character classes are required.
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

/** The lists take about 25 MB, so they are loaded with the first password. */
function passwordJudge(): Promise<ZxcvbnFactory> {
  loading ??= Promise.all([import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common')]).then(
    ([core, common]) =>
      new core.ZxcvbnFactory({ dictionary: common.dictionary, graphs: common.adjacencyGraphs }),
  );
  // Retry a failed load at the next call.
  loading.catch(() => {
    loading = null;
  });
  return loading;
}
