import assert from 'node:assert/strict';
import type { ReportRecord } from '../../src/ports.ts';
import type { ClientCall, TestClient } from './test-client.ts';
import { World } from './world.ts';

/** Two users who exchanged lines in turns; the same in every world. */
export function talked(
  lines = 3,
  world = new World(),
): {
  world: World;
  ada: TestClient;
  bo: TestClient;
  call: ClientCall;
} {
  const [ada, bo] = world.pair();
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
