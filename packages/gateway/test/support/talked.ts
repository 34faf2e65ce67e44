import assert from 'node:assert/strict';
import type { ReportRecord } from '../../src/ports.ts';
import type { ClientCall } from './test-client.ts';
import { type Pair, paired, type World, type WorldOptions } from './world.ts';

/** Returns two users who have alternately sent chat lines. The lines are the same in every test. */
export function talked(
  lines = 3,
  options: WorldOptions = {},
): Pick<Pair, 'world' | 'ada' | 'bo'> & { readonly call: ClientCall } {
  const { world, ada, bo } = paired('text', options);
  for (let i = 0; i < lines; i++) {
    (i % 2 === 0 ? bo : ada).sayLine(`line ${i}`);
    world.pass(500);
  }
  assert.ok(ada.call !== null);
  assert.equal(ada.call.lines.length, lines);
  return { world, ada, bo, call: ada.call };
}

export function reportsIn(world: World): readonly ReportRecord[] {
  return world.journal.pending.flatMap(({ record }) => (record.kind === 'report' ? [record] : []));
}
