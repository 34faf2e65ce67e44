/**
 * Measures the hints in lines that are written to escape them. Each way of writing is applied to
 * the lines of each language in `hint-lines` and `hint-lines/held-out`.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { privateDetailOf } from '@farandole/protocol/private-details';
import { AGE_LANGUAGES, statesUnder18 } from '../src/chat/stated-age.ts';

/** Year in which the lines are written. It decides whether a year of birth is under 18. */
const YEAR = 2026;
const RECALL_MIN = 0.95;
const FALSE_ALARMS_MAX = 0.005;
const AGE = '16';

interface HintLines {
  readonly words?: Readonly<Record<string, readonly string[]>>;
  readonly stated: readonly string[];
  readonly private: readonly string[];
  readonly ordinary: readonly string[];
}

const DIGIT_WORDS: Readonly<Record<string, readonly string[]>> = {
  ar: ['صفر', 'واحد', 'اثنين', 'ثلاثة', 'أربعة', 'خمسة', 'ستة', 'سبعة', 'ثمانية', 'تسعة'],
  de: ['null', 'eins', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun'],
  en: ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
  es: ['cero', 'uno', 'dos', 'tres', 'cuatro', 'cinco', 'seis', 'siete', 'ocho', 'nueve'],
  fr: ['zéro', 'un', 'deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf'],
  pt: ['zero', 'um', 'dois', 'três', 'quatro', 'cinco', 'seis', 'sete', 'oito', 'nove'],
};
const LEET: Readonly<Record<string, string>> = { o: '0', i: '1', e: '3', a: '4', s: '5', t: '7' };
/** Letters of the Cyrillic alphabet that look like Latin ones. */
const HOMOGLYPHS: Readonly<Record<string, string>> = { a: 'а', e: 'е', o: 'о', i: 'і', c: 'с' };

const ARABIC_ZERO = 0x0660;

/** Replaces the first letter of each word of at least four letters that has a look-alike. */
const replacing =
  (letters: Readonly<Record<string, string>>) =>
  (text: string): string =>
    text.replaceAll(/(?<![\p{L}\p{N}_.@/#-])\p{L}{4,}(?![\p{L}\p{N}_.@/#-])/gu, (word) => {
      const letter = Array.from(word).find((one) => one in letters) ?? '';
      return word.replace(letter, letters[letter] ?? letter);
    });

const WAYS: Readonly<Record<string, (text: string, language: string) => string>> = {
  'digits apart': (text) => text.replaceAll(/(?<=\d)(?=\d)/gu, ' '),
  'digits by words': (text, language) =>
    text.replaceAll(/\d{3,}/gu, (run) =>
      Array.from(run, (digit) => DIGIT_WORDS[language]?.[Number(digit)]).join(' '),
    ),
  leetspeak: replacing(LEET),
  homoglyphs: replacing(HOMOGLYPHS),
  'Arabic-Indic digits': (text) =>
    text.replaceAll(/\d/gu, (digit) => String.fromCharCode(ARABIC_ZERO + Number(digit))),
  keycaps: (text) => text.replaceAll(/\d/gu, '$&\uFE0F\u20E3'),
  isolates: (text) => text.replaceAll(/\d+/gu, '\u2067$&\u2069'),
  'zero-width spaces': (text) => text.replaceAll(/(?<=[\p{L}\d])(?=[\p{L}\d])/gu, '\u200B'),
};

function linesOf(language: string, folder: string): HintLines {
  const file = join(import.meta.dirname, 'hint-lines', folder, `${language}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as HintLines;
}

/** Puts an age into each line, in digits and in words. */
function filled(lines: readonly string[], words: HintLines['words']): readonly string[] {
  return lines.flatMap((line) => {
    if (words === undefined || !line.includes('#')) return [line];
    const spelled = /#\p{L}/u.test(line) ? [] : (words[AGE] ?? []);
    return [AGE, ...spelled].map((written) => line.replace('#', written));
  });
}

for (const language of AGE_LANGUAGES) {
  const [lines, heldOut] = [linesOf(language, ''), linesOf(language, 'held-out')];
  const stated = [...filled(lines.stated, lines.words), ...heldOut.stated];
  const details = [...lines.private, ...heldOut.private];
  const { ordinary } = heldOut;
  for (const [way, write] of Object.entries(WAYS)) {
    test(`finds 95 % in ${language} with ${way} and 0.5 % false alarms`, (context) => {
      const check = (
        plain: readonly string[],
        share: number,
        isWrong: (one: string) => boolean,
      ) => {
        const wrong = plain.map((line) => write(line, language)).filter(isWrong);
        context.diagnostic(`${wrong.length} of ${plain.length} wrong`);
        assert.ok(wrong.length <= share * plain.length, wrong.join('\n'));
      };
      check(stated, 1 - RECALL_MIN, (line) => !statesUnder18(line, YEAR));
      check(details, 1 - RECALL_MIN, (line) => privateDetailOf(line) === null);
      const alarms = (line: string) => statesUnder18(line, YEAR) || privateDetailOf(line) !== null;
      check(ordinary, FALSE_ALARMS_MAX, alarms);
    });
  }
}
