import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disagreements, type Faults, faultsOf, lineFaults, wordsOf } from './resume/faults.ts';

/** Parses lines such as `a1 b1 a2`, where `a1` is Ana's first line. */
function heard(lines: string): readonly string[] {
  const words = lines.split(' ').filter((word) => word !== '');
  return words.map((word) => wordsOf(word.startsWith('a') ? 'ana' : 'ben', Number(word.slice(1))));
}

function faults(lost: number, doubled: number, reordered: number): Faults {
  return { lost, doubled, reordered };
}

const NONE: ReadonlySet<number> = new Set();
const SAID = { ana: { count: 3, refused: NONE }, ben: { count: 2, refused: NONE } };

test('[PR-23, PR-52] distinguishes lost, doubled and reordered chat lines', () => {
  const matrix: readonly [expected: string, received: string, faults: Faults][] = [
    ['', '', faults(0, 0, 0)],
    ['x y z', 'x y z', faults(0, 0, 0)],
    ['x y z', '', faults(3, 0, 0)],
    ['x y z', 'x z', faults(1, 0, 0)],
    ['x y z', 'x y z z', faults(0, 1, 0)],
    ['x y z', 'x y z other', faults(0, 1, 0)],
    ['x y z', 'x x z', faults(1, 1, 0)],
    ['x y z', 'x z y', faults(0, 0, 2)],
  ];
  for (const [expected, received, found] of matrix) {
    const entries = (text: string) => text.split(' ').filter((entry) => entry !== '');
    assert.deepEqual(faultsOf(entries(expected), entries(received)), found, received);
  }
});

test("[PR-52] checks each speaker's chat lines, however the speakers alternate", () => {
  const matrix: readonly [lines: string, faults: Faults][] = [
    ['a1 a2 a3 b1 b2', faults(0, 0, 0)],
    ['b1 a1 b2 a2 a3', faults(0, 0, 0)],
    ['', faults(5, 0, 0)],
    ['a2 a3 b1 b2', faults(1, 0, 0)],
    ['a1 a2 a3 b1 b2 b1 b2', faults(0, 2, 0)],
    ['a1 a3 b1 a2 b2', faults(0, 0, 2)],
    ['a3 a2 a2 b2', faults(2, 1, 0)],
  ];
  for (const [lines, found] of matrix)
    assert.deepEqual(lineFaults(heard(lines), SAID), found, lines);
});

test('[PR-51] counts a refused chat line as a fault if it arrives', () => {
  const said = { ...SAID, ana: { count: 3, refused: new Set([2]) } };
  assert.deepEqual(lineFaults(heard('a1 a3 b1 b2'), said), faults(0, 0, 0));
  assert.deepEqual(lineFaults(heard('a1 a2 a3 b1 b2'), said), faults(0, 1, 0));
  assert.deepEqual(lineFaults(heard('a1 b1 b2'), said), faults(1, 0, 0));
});

test('[PR-52] ignores chat lines after the last one received before a reset', () => {
  const open = { count: 0, refused: NONE };
  const said = { ana: open, ben: open };
  assert.deepEqual(lineFaults(heard('a1 a2'), said), faults(0, 0, 0));
  assert.deepEqual(lineFaults(heard('a1 a3'), said), faults(1, 0, 0));
});

test('[PR-52] counts a received chat line that was never sent as doubled', () => {
  const lines = [...heard('a1 a2 a3 b1 b2'), 'ana says 0', 'ana says 3 ', 'who is there'];
  assert.deepEqual(lineFaults(lines, SAID), faults(0, 3, 0));
});

test('[PR-52] detects that two users saw chat lines in different orders', () => {
  assert.equal(disagreements(heard('a1 b1 a2'), heard('a1 b1 a2')), 0);
  assert.equal(disagreements(heard('a1 b1 a2'), heard('b1 a1 a2')), 2);
  assert.equal(disagreements(heard('a1 b1'), heard('a1')), 0, 'a shorter one is lost lines');
});
