/**
 * Makes a pattern from constants of this folder. Literals can't share parts, so this is the only
 * place where the page makes a pattern from text. Tests limit the time of the patterns.
 */
export function patternOf(source: string, flags = 'iu'): RegExp {
  return new RegExp(source, flags);
}
