import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import { privateDetailOf } from '@farandole/protocol/private-details';
import fc from 'fast-check';
import { statesUnder18 } from '../src/chat/stated-age.ts';

/** Year in which the lines are written. It decides whether a year of birth is under 18. */
const YEAR = 2026;

const FOUND = {
  link: [
    'https://example.org/a',
    'see HTTP://example.org',
    'www.example.org',
    'find me on example.com',
    't.me/somebody',
    'my site is exämple.fr!',
  ],
  email: ['write to ada@example.org', 'ada@example.co.uk, any time'],
  phone: [
    '+33 1 99 00 12 34',
    'call 0199-001-234',
    '(555) 010-9999',
    '٠١٢٣٤٥٦٧٨٩',
    '０１９９００１２３４',
    'it is 01.99.00.12.34, after six',
    'my order number is 0199001234',
  ],
  handle: [
    '@some_body',
    'there I am @ada.b',
    'my sn@p is a.d.a.b.e',
    's n a p : a d a b e',
    'insta: ada underscore b',
    'سـ ـنـ ـاب ada اندرسكور b',
    'quietbirch on insta',
    "i'm quietbirch on instagram",
    'quietbirch es mi insta',
    'my dis cord is quiet.birch',
    's n a p quietbirch',
    '1nsta quietbirch',
    'u/quiet-birch is me',
  ],
  address: [
    'I live at 12 Example Road, Sampletown',
    '12 bis rue des Exemples',
    'vivo en la calle Ejemplo 12',
    'rua Exemplo, 12',
    'Beispielstraße 12a',
    '١٢ شارع المثال',
    'Bahnhofstr. 12, Musterstadt',
    'PO Box 1234, Sampletown',
    'bloco 3 casa 12',
  ],
  name: [
    'my name is Ada Example, i work at Sample Bakery in Sampletown',
    'Ada Example, teacher at Sample School in Sampletown, that is me',
    'Ada Example, Krankenschwester im Klinikum Musterstadt',
  ],
} as const;

const NOTHING = [
  'hello',
  'it is 12:30 here',
  'born on 12.10.1987, and on 1987-10-12 again',
  'that cost 1 200 euros',
  'I ran 42 km in 2024',
  'wait... what',
  'Well.In a hurry I forget the space',
  'e.g. this, i.e. that',
  '3.14159',
  'me @ home',
  'there are 12 people on the road',
  'hello @everyone',
  '192.168.1.1',
  'mi calle tiene 16 casas',
  'order number 88213047 is still not here',
  'my record is 8834210 points',
  'the town has 8 336 817 people',
  'pi is 3.14159265',
  'we won 6-4 3-6 7-5',
  'the draw was 4 8 15 16 23 42',
  'insta was down in 2019',
  'my insta is addictive',
  'discord nitro',
  'nothing on instagram',
  'je suis juste en face',
  'i play on chess.com',
  'the wifi password was 12345678',
  'my laptop is an M1 8GB',
  'see you at P5 7PM',
  'I work at a bakery, and my name is Ada',
  '',
];

for (const [detail, texts] of Object.entries(FOUND)) {
  for (const text of texts) {
    test(`detects ${detail} in ${text}`, () => assert.equal(privateDetailOf(text), detail));
  }
}

for (const text of NOTHING) {
  test(`detects nothing private in "${text}"`, () => assert.equal(privateDetailOf(text), null));
}

test('searches any text for private details within the CPU time limit', () => {
  const piece = fc.constantFrom(
    '1',
    ' ',
    '.',
    '-',
    '(',
    '@',
    'a',
    'www',
    'http',
    '٣',
    '🫖',
    '\ud800',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: LINE_CHARS_MAX }),
    fc.array(piece, { maxLength: LINE_CHARS_MAX }).map((pieces) => pieces.join('')),
  );
  fc.assert(fc.property(text, (written) => void privateDetailOf(written)));
  const ms = cpuMsOf(() => {
    for (const unit of [
      '1 ',
      '1.',
      '@',
      'a.',
      '(1',
      'a@a',
      'a ',
      'rua a ',
      'insta ',
      '1 two ',
      'شارع ',
      'find me ',
    ]) {
      privateDetailOf(unit.repeat(LINE_CHARS_MAX / unit.length));
    }
  });
  assert.ok(ms < 500, `${ms} ms`);
});

test('detects a stated age under 18 in English and French', () => {
  for (const text of ['17 m', 'F16', 'h, 15', "i'm 17", 'I am 16, and you?', '１７ m']) {
    assert.equal(statesUnder18(text, YEAR), true, text);
  }
  for (const text of ['17 yo', 'im seventeen', 'j’ai 17 ans', 'J’ai dix-sept ans', '16 ans']) {
    assert.equal(statesUnder18(text, YEAR), true, text);
  }
});

test("ignores ages from 18 and numbers that aren't ages", () => {
  for (const text of ['17', '18 m', '21 f', "i'm 18", 'j’ai 18 ans', 'I am 170 cm', '']) {
    assert.equal(statesUnder18(text, YEAR), false, text);
  }
  for (const text of ["i'm 17 minutes late", 'it is 17:30', 'il y a 15 ans', '17 km', 'm 1']) {
    assert.equal(statesUnder18(text, YEAR), false, text);
  }
});

test('finds a year of birth under 18 in the given year', () => {
  for (const text of ['i was born in 2010', 'née le 3/4/2010', 'bin 2010 geboren']) {
    assert.equal(statesUnder18(text, 2026), true, text);
    assert.equal(statesUnder18(text, 2028), false, text);
  }
});

test('applies the replacements of a language only to its own patterns', () => {
  // "Ya" is an adverb in Spanish. In French it is short for "il y a".
  assert.equal(statesUnder18('ya 15 ans', YEAR), false);
  assert.equal(statesUnder18('tengo ya 15 años', YEAR), true);
});

test('searches any text for a stated age within the CPU time limit', () => {
  const ms = cpuMsOf(() => {
    for (const unit of [
      '1',
      ' ',
      '17 ',
      'i am ',
      'm',
      "j'ai 17 ",
      'a ',
      'né en ',
      '1 + ',
      'x1x ',
    ]) {
      statesUnder18(unit.repeat(LINE_CHARS_MAX / unit.length), YEAR);
    }
  });
  assert.ok(ms < 500, `${ms} ms`);
});

/**
 * Returns the CPU time in ms. Elapsed time isn't used, because it would depend on the machine's
 * load.
 */
function cpuMsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user / 1000;
}
