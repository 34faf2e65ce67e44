import type { DetailPatterns } from './hint-patterns.ts';

/** Matches an email address in words, such as "ada arroba mail punto com". */
const SPELLED_EMAIL = /(?: arroba |\(arroba\) ?)[^\s.()]+(?:\.| punto | ponto )[a-z]{2}/iu;
/** "Com" is the Portuguese word for "with", so the spelled link must end after it. */
const SPELLED_LINK =
  /[\p{L}\p{N}-] (?:punto|ponto) (?:com|net|org)(?: (?:punto|ponto) \p{L}{2})?(?: *$| *[.,;!?/)])/iu;

export const SPANISH_PORTUGUESE_DETAILS: DetailPatterns = {
  email: [SPELLED_EMAIL],
  link: [SPELLED_LINK],
};
