import type { QuestionFault } from './fields.ts';
import { patternOf } from './hint-patterns.ts';
import { QUESTION_CHARS_MAX } from './limits.ts';
import { plainOf } from './plain-text.ts';
import { privateDetailOf } from './private-details.ts';

/** Matches control characters and lone surrogates. A question has one line. */
const BAD_CHARACTERS = /[\p{Cc}\p{Cs}]/u;
const SPACES = /\s+/gu;

/** Titles before a name, in all languages. */
const TITLE =
  '(?:mr|mrs|ms|miss|dr|prof|monsieur|madame|mademoiselle|mme|mlle|señora?|sra?|don|doña|senhora?|dona|herr|frau|السيده?|سيده?|دكتور|الدكتور)\\.?';
const CALLED =
  "(?:my name is|i am called|je m['’]appelle|mon nom est|me llamo|mi nombre es|me chamo|meu nome é|ich hei(?:ß|ss)e|mein name ist|اسمي)";
const TITLED = [`(?<!\\p{L})${TITLE} \\p{Lu}\\p{Ll}`, '(?<!\\p{L})(?:Mr|Mrs|Ms|Dr)\\. \\p{L}{2}'];
const NAMES = [
  ...TITLED.map((source) => patternOf(source, 'u')),
  patternOf(`(?<!\\p{L})${CALLED}(?!\\p{L})`),
  // Two capitalised words in a row, of which the first doesn't begin a sentence.
  patternOf('(?<=[^\\s.!?…:¿¡«“"] )\\p{Lu}[\\p{Ll}\'’-]{1,30} \\p{Lu}\\p{Ll}', 'u'),
];

/** Returns a question as it is sent and compared: white space trimmed and in single spaces. */
export function tidyQuestion(text: string): string {
  return text.normalize('NFC').trim().replaceAll(SPACES, ' ');
}

/**
 * Returns why a question can't be asked, or null. Contact details, links and names of people are
 * found by patterns, so some are missed and some other questions are refused.
 */
export function questionFaultOf(question: string): Exclude<QuestionFault, 'withdrawn'> | null {
  if (question.length > QUESTION_CHARS_MAX) return 'too-long';
  if (BAD_CHARACTERS.test(question)) return 'bad-characters';
  const plain = plainOf(question);
  if (!/[\p{L}\p{N}]/u.test(plain)) return 'empty';
  const detail = privateDetailOf(question);
  if (detail !== null) return detail === 'link' || detail === 'name' ? detail : 'contact';
  return NAMES.some((pattern) => pattern.test(question)) ? 'name' : null;
}

/** Returns the form of a question by which two writings of it are equal. */
export function questionKey(question: string): string {
  return plainOf(question)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
