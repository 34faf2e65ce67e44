import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notificationFaults } from './resume/notifications.ts';
import { disagreements, Transcript, wordsOf } from './resume/transcript.ts';

/** Parses lines such as `a1 b1 a2`. */
function heard(lines: string): Transcript {
  const transcript = new Transcript();
  for (const line of lines.split(' ').filter((word) => word !== '')) {
    const speaker = line.startsWith('a') ? 'ana' : 'ben';
    transcript.hear({ text: wordsOf(speaker, Number(line.slice(1))) });
  }
  return transcript;
}

const NONE: ReadonlySet<number> = new Set();
const SAID = { ana: { count: 3, refused: NONE }, ben: { count: 2, refused: NONE } };

test('[PR-52] finds no fault in complete, ordered lines', () => {
  for (const lines of ['a1 a2 a3 b1 b2', 'b1 a1 b2 a2 a3']) {
    assert.deepEqual(heard(lines).faults(SAID), { lost: 0, doubled: 0, reordered: 0 });
  }
});

test('[PR-52] distinguishes lost, doubled and reordered lines', () => {
  const matrix: readonly [lines: string, lost: number, doubled: number, reordered: number][] = [
    ['', 5, 0, 0],
    ['a1 a2 b1 b2', 1, 0, 0],
    ['a2 a3 b1 b2', 1, 0, 0],
    ['a1 a3 b1 b2', 1, 0, 0],
    ['a1 a2 a2 a3 b1 b2', 0, 1, 0],
    ['a1 a2 a3 b1 b2 b1 b2', 0, 2, 0],
    ['a1 a3 a2 b1 b2', 0, 0, 1],
    ['a3 a2 a1 b1 b2', 0, 0, 2],
    ['a3 a2 a2 b2', 2, 1, 1],
  ];
  for (const [lines, lost, doubled, reordered] of matrix) {
    assert.deepEqual(heard(lines).faults(SAID), { lost, doubled, reordered }, lines);
  }
});

test('[PR-51] expects a refused line not to arrive', () => {
  const said = { ...SAID, ana: { count: 3, refused: new Set([2]) } };
  assert.deepEqual(heard('a1 a3 b1 b2').faults(said), { lost: 0, doubled: 0, reordered: 0 });
  assert.deepEqual(heard('a1 a2 a3 b1 b2').faults(said), { lost: 0, doubled: 1, reordered: 0 });
  assert.deepEqual(heard('a1 b1 b2').faults(said), { lost: 1, doubled: 0, reordered: 0 });
});

test('[PR-52] checks only lines before the last one heard after a reset', () => {
  const open = { count: 0, refused: NONE };
  const said = { ana: open, ben: open };
  assert.deepEqual(heard('a1 a2').faults(said), { lost: 0, doubled: 0, reordered: 0 });
  assert.deepEqual(heard('a1 a3').faults(said), { lost: 1, doubled: 0, reordered: 0 });
});

test('[PR-52] counts an unsent line as doubled', () => {
  const transcript = heard('a1 a2 a3 b1 b2');
  transcript.hear({ text: 'ana says 0' });
  transcript.hear({ text: 'ana says 3 ' });
  assert.equal(transcript.faults(SAID).doubled, 2);
});

test('[PR-52] detects that two sides saw different orders', () => {
  assert.equal(disagreements(heard('a1 b1 a2'), heard('a1 b1 a2')), 0);
  assert.equal(disagreements(heard('a1 b1 a2'), heard('b1 a1 a2')), 2);
  assert.equal(disagreements(heard('a1 b1'), heard('a1')), 0, 'a shorter one is lost lines');
});

test('[PR-23] distinguishes missing, repeated and early events of errands', () => {
  const due = ['match.found', 'video.started', 'call.ended'];
  const matrix: readonly [told: string, lost: number, doubled: number, reordered: number][] = [
    ['match.found video.started call.ended', 0, 0, 0],
    ['match.found call.ended', 1, 0, 0],
    ['match.found video.started call.ended call.ended', 0, 1, 0],
    ['match.found video.started call.ended report.accepted', 0, 1, 0],
    ['match.found match.found call.ended', 1, 1, 0],
    ['match.found call.ended video.started', 0, 0, 2],
  ];
  for (const [told, lost, doubled, reordered] of matrix) {
    assert.deepEqual(notificationFaults(due, told.split(' ')), { lost, doubled, reordered }, told);
  }
});
