import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { withPalette } from '../gallery/palette-png.ts';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}

/** @param rows each begins with the number of its filter */
function pngOf(width: number, colourType: 2 | 3 | 6, rows: readonly (readonly number[])[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(rows.length, 4);
  header.set([8, colourType], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Reads a PNG with a palette. Returns red, green, blue and alpha of each pixel in hexadecimal. */
function coloursOf(png: Buffer): string[] {
  const chunks = new Map<string, Buffer>();
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const named = png.subarray(at + 4, at + 8 + length);
    assert.equal(png.readUInt32BE(at + 8 + length), crc32(named));
    chunks.set(named.toString('latin1', 0, 4), named.subarray(4));
    at += 12 + length;
  }
  const [colours, alphas] = [chunks.get('PLTE'), chunks.get('tRNS')];
  const width = chunks.get('IHDR')?.readUInt32BE(0) ?? 0;
  const pixels = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0));
  return [...pixels]
    .filter((_, at) => at % (width + 1) !== 0)
    .map(
      (index) =>
        `${colours?.toString('hex', index * 3, index * 3 + 3)}${alphas?.toString('hex', index, index + 1)}`,
    );
}

test('keeps all colours of a PNG, whichever filters its rows use', () => {
  const png = pngOf(2, 2, [
    [0, 10, 20, 30, 40, 50, 60],
    [1, 10, 20, 30, 30, 30, 30],
    [2, 0, 0, 0, 0, 0, 0],
    [3, 5, 10, 15, 15, 15, 15],
    [4, 0, 0, 0, 0, 0, 0],
  ]);
  const row = ['0a141eff', '28323cff'];
  assert.deepEqual(coloursOf(withPalette(png)), [...row, ...row, ...row, ...row, ...row]);
});

test('keeps the transparent pixels of a PNG', () => {
  const png = pngOf(2, 6, [[0, 1, 2, 3, 0, 255, 254, 253, 128]]);
  assert.deepEqual(coloursOf(withPalette(png)), ['01020300', 'fffefd80']);
});

test('replaces a PNG’s rare colours by the nearest of 256 colours', () => {
  const greys = Array.from({ length: 257 }, (_, at) => (at < 256 ? [at, at, at] : [9, 9, 8]));
  const common = greys.slice(0, 256).flat();
  const png = pngOf(257, 2, [
    [0, ...greys.flat()],
    [0, ...common, 0, 0, 0],
  ]);
  const colours = coloursOf(withPalette(png));
  assert.equal(colours[256], '090909ff');
  assert.equal(colours[255], 'ffffffff');
});

test('refuses a PNG that is no screenshot', () => {
  assert.throws(() => withPalette(pngOf(1, 3, [[0, 0]])), /another format/);
});
