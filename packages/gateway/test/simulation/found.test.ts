import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DRAIN_DEADLINE_MS } from '@farandole/protocol/limits';
import type { ReportRecord } from '../../src/ports.ts';
import { World } from '../support/world.ts';
import { Acquaintance } from './oracle/acquaintance.ts';

// What the simulation found, each once and in short, so that it is not found again.

test('[PR-45] a page that resumes after the deadline of a drain, and before the tick that sees it, is told of no time left', () => {
  const world = new World();
  const ada = world.joinAdult('ada');
  world.gateway.drain(world.now);
  world.flush();
  world.lose(ada);
  world.clock.advance(DRAIN_DEADLINE_MS + 100);
  world.connect(ada);
  assert.equal(ada.last('server.moving').deadlineMs, 0);
});

test('[GW-32] who comes back through a proxy that is not listed may tell no more of the machine', () => {
  const localAddresses = ['192.0.2.2'];
  const onTheMachine = { clientAddress: '127.0.0.1', isLocal: true };
  const world = new World({ localAddresses });
  const ada = world.joinAdult('ada', onTheMachine);
  const bo = world.joinAdult('bo');
  for (const client of [ada, bo]) client.searchFor('video');
  world.settle();
  world.lose(ada);
  world.connect(ada, { ...onTheMachine, isLocal: false });
  const line = 'candidate:1 1 udp 1 192.0.2.2 5000 typ host';
  const candidate = { candidate: line, sdpMid: '0', sdpMLineIndex: 0 };
  ada.say('signal.candidate', { ...ada.inCall(), candidate });
  world.flush();
  assert.equal(bo.all('signal.candidate').length, 0);
});

test('a report that joined one that the disk then refused keeps nobody apart after a restart', () => {
  const known = new Acquaintance();
  known.advance(1_000, 1_000);
  known.block('report', 'the call', 'ada', 'bo');
  known.advance(2_000, 2_000);
  known.block('report', 'the call', 'ada', 'bo');
  assert.ok(known.isBlocked('bo', 'ada'));
  known.lose({ kind: 'report', match: 'the call', by: 'ada', of: 'bo' } as ReportRecord, 1_000);
  assert.ok(known.isBlocked('bo', 'ada'), 'this run of the node still knows');
  known.restart();
  assert.ok(!known.isBlocked('bo', 'ada'));
  known.block('report', 'the call', 'ada', 'bo');
  known.restart();
  assert.ok(known.isBlocked('bo', 'ada'), 'another try was written');
});
