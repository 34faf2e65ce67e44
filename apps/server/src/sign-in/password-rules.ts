import { nameKeyOf } from '@farandole/accounts/sign-in';
import type { ZxcvbnFactory } from '@zxcvbn-ts/core';

/** UTF-16 units. A second factor stands beside it; whoever wants a sentence has room for it. */
export const PASSWORD_UNITS_MIN = 12;
export const PASSWORD_UNITS_MAX = 256;
/** Fewer guesses than this by somebody who knows what people choose, and it is tried early. */
const GUESSES_MIN = 1e8;
/** Judging takes time that grows with the length, and whoever guesses begins at the front too. */
const JUDGED_UNITS_MAX = 40;

/**
 * Why a password will not do, or null: too short, too long, or soon guessed: one of the 49,000 that are
 * chosen most, with what is usually put around them, a pattern of the keyboard, the name of its owner or
 * of this place. Nothing is asked of its kinds of characters.
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

/** Its lists take some 25 MB: they are read when the first password is set, and not at the start. */
function passwordJudge(): Promise<ZxcvbnFactory> {
  loading ??= Promise.all([import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common')]).then(
    ([core, common]) =>
      new core.ZxcvbnFactory({ dictionary: common.dictionary, graphs: common.adjacencyGraphs }),
  );
  // A disk that could not be read once may be read the next time.
  loading.catch(() => {
    loading = null;
  });
  return loading;
}
