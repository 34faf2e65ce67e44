import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  PICTURE_AGO_MS_MAX,
  PICTURE_BYTES_MAX,
  PICTURE_SIDE_MAX,
  REPORT_PICTURES_MAX,
} from '../src/limits.ts';
import { packPictures, unpackPictures, withoutMetadata } from '../src/report-pictures.ts';
import { smallJpeg } from '../src/testing/small-jpeg.ts';

const reason = (body: Uint8Array<ArrayBuffer>): string | null => {
  const unpacked = unpackPictures(body);
  return unpacked.ok ? null : unpacked.reason;
};
const one = (bytes: Uint8Array<ArrayBuffer>, agoMs = 0) => packPictures([{ agoMs, bytes }]);

const jpegOf = (bytes: number) =>
  smallJpeg({ data: 'x'.repeat(bytes - smallJpeg({ data: '' }).length) });

test('[PR-76] unpacks packed pictures up to each limit and rejects one above', () => {
  const picture = fc.record(
    {
      agoMs: fc.integer({ min: 0, max: PICTURE_AGO_MS_MAX }),
      bytes: fc
        .record({
          width: fc.integer({ min: 1, max: PICTURE_SIDE_MAX }),
          height: fc.integer({ min: 1, max: PICTURE_SIDE_MAX }),
          data: fc.string({ unit: fc.constantFrom('a', 'b', '\0'), maxLength: 50 }),
        })
        .map(smallJpeg),
    },
    { noNullPrototype: true },
  );
  const all = fc.array(picture, { minLength: 1, maxLength: REPORT_PICTURES_MAX });
  fc.assert(
    fc.property(all, (pictures) => {
      assert.deepEqual(unpackPictures(packPictures(pictures)), { ok: true, value: pictures });
    }),
  );
  const many = Array.from({ length: REPORT_PICTURES_MAX }, () => ({
    agoMs: 1,
    bytes: smallJpeg(),
  }));
  assert.equal(reason(packPictures(many)), null);
  assert.equal(reason(packPictures([...many, { agoMs: 1, bytes: smallJpeg() }])), 'too-many');
  assert.equal(reason(one(jpegOf(PICTURE_BYTES_MAX))), null);
  assert.equal(reason(one(jpegOf(PICTURE_BYTES_MAX + 1))), 'too-large');
  assert.equal(reason(one(smallJpeg(), PICTURE_AGO_MS_MAX)), null);
  assert.equal(reason(one(smallJpeg(), PICTURE_AGO_MS_MAX + 1)), 'malformed');
  for (const side of ['width', 'height'] as const) {
    assert.equal(reason(one(smallJpeg({ [side]: PICTURE_SIDE_MAX }))), null);
    assert.equal(reason(one(smallJpeg({ [side]: PICTURE_SIDE_MAX + 1 }))), 'not-plain');
    assert.equal(reason(one(smallJpeg({ [side]: 0 }))), 'not-plain');
  }
});

test('[PR-76] unpacking pictures never throws, and rejects truncated and overlong bodies', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (body) => void reason(body)));
  const body = packPictures([
    { agoMs: 500, bytes: smallJpeg() },
    { agoMs: 1_000, bytes: smallJpeg({ data: 'another' }) },
  ]);
  const first = one(smallJpeg()).length;
  for (let end = 0; end < body.length; end++) {
    assert.equal(reason(body.slice(0, end)) === null, end === first, `${end} bytes`);
  }
  assert.notEqual(reason(Uint8Array.from([...body, 0])), null);
});

const segment = (marker: number, text: string): readonly number[] => [
  ...[0xff, marker, 0, text.length + 2],
  ...Array.from(text, (letter) => letter.charCodeAt(0)),
];

test('[PR-76] strips picture metadata in the page and rejects it on the node', () => {
  const plain = smallJpeg();
  assert.deepEqual(withoutMetadata(plain), plain);
  const besides = [
    segment(0xe1, 'Exif\0\0 where it was taken'),
    segment(0xe2, 'ICC_PROFILE\0'),
    segment(0xed, 'Photoshop 3.0\0 by whom'),
    segment(0xfe, 'a comment'),
  ];
  for (const some of [...besides.map((beside) => [beside]), besides]) {
    const bytes = smallJpeg({ besides: some });
    assert.equal(reason(one(bytes)), 'not-plain');
    assert.deepEqual(withoutMetadata(bytes), plain);
  }
});

test('[PR-76] rejects decompression bombs and polyglot files as pictures', () => {
  const plain = smallJpeg();
  const at = (marker: number): number =>
    plain.findIndex((byte, i) => byte === marker && plain[i - 1] === 0xff);
  const changed = (place: number, byte: number): Uint8Array<ArrayBuffer> => plain.with(place, byte);
  const text = (words: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(words);
  const both = (...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> =>
    Uint8Array.from(parts.flatMap((part) => [...part]));
  const frame = at(0xc0);
  for (const [what, bytes] of [
    ['nothing', new Uint8Array()],
    ['a PNG', text('\x89PNG\r\n\x1a\n')],
    ['an SVG', text('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a page before it', both(text('<script>'), plain)],
    ['a page behind it', both(plain, text('<script>alert(1)</script>'))],
    ['an archive behind it', both(plain, text('PK\x03\x04'))],
    ['another picture behind it', both(plain, plain)],
    ['without an end', plain.slice(0, -2)],
    ['progressive', changed(frame, 0xc2)],
    ['arithmetic', changed(frame, 0xc9)],
    ['lossless', changed(frame, 0xc3)],
    [
      '65,535 pixels wide',
      both(plain.slice(0, frame + 6), Uint8Array.of(0xff, 0xff), plain.slice(frame + 8)),
    ],
    ['twelve bits', changed(frame + 3, 12)],
    ['four components', changed(frame + 8, 4)],
    [
      'two sizes',
      both(plain.slice(0, frame - 1), plain.slice(frame - 1, frame + 12), plain.slice(frame - 1)),
    ],
    ['no size', both(plain.slice(0, frame - 1), plain.slice(frame + 12))],
    ['a picture within its head', both(plain.slice(0, 5), Uint8Array.of(40), plain.slice(6))],
    ['a segment longer than all', changed(at(0xdb) + 1, 0xff)],
    [
      'a segment of no length',
      both(plain.slice(0, at(0xdb) + 1), Uint8Array.of(0, 1), plain.slice(at(0xdb) + 3)),
    ],
    ['a second scan', both(plain.slice(0, -2), plain.slice(at(0xda) - 1))],
    ['a marker in its data', smallJpeg({ data: '\xff\xe1' })],
  ] as const) {
    assert.equal(withoutMetadata(bytes), null, what);
    assert.notEqual(reason(one(bytes)), null, what);
  }
  // Stuffed bytes and restart markers are part of the scan data.
  assert.notEqual(withoutMetadata(smallJpeg({ data: 'a\xff\0b\xff\xd0c\xff\xd7d' })), null);
});
