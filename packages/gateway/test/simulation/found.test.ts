import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Counters, TaggedLine } from '@farandole/protocol/fields';
import { DRAIN_DEADLINE_MS, UNACKED_FRAMES_MAX } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { REPORTS_MERGE_FOR_MS } from '../../src/limits.ts';
import type { JournalRecord, ReportRecord } from '../../src/ports.ts';
import type { TestClient } from '../support/test-client.ts';
import { World } from '../support/world.ts';
import { Acquaintance } from './oracle/acquaintance.ts';
import { Backlogs } from './oracle/backlogs.ts';
import { lineWritten, noteSaid } from './oracle/chat-log.ts';
import { Ledger } from './oracle/ledger.ts';
import {
  type MatchModel,
  type MatchSide,
  type SaidLine,
  type SessionModel,
  WorldModel,
} from './oracle/model.ts';
import { hearAtPage, PageEar } from './oracle/page-ear.ts';
import { description } from './words.ts';

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

/** Ada and Bo, who have said three lines; Ada's page was killed, and another one is there. */
function killedAndBack(mode: 'video' | 'text'): {
  world: World;
  again: TestClient;
  bo: TestClient;
} {
  const world = new World();
  const [ada, bo] = world.pair('ada', 'bo', mode);
  for (const text of ['one', 'two', 'three']) bo.sayLine(text);
  for (const client of [ada, bo])
    client.say('direct.consent', { ...client.inCall(), allowed: true });
  if (mode === 'text')
    ada.say('video.consent', { ...ada.inCall(), allowed: true, policyVersion: 1 });
  world.flush();
  world.lose(ada);
  const { subject, device } = ada;
  const again = world.newClient('ada-again', { subject, device, isNewPage: true });
  world.connect(again);
  assert.ok(again.last('session.opened').rejoin !== undefined);
  return { world, again, bo };
}

test('[PR-63] nothing that is said in a call reaches a new page before that takes the call up', () => {
  const { world, again, bo } = killedAndBack('video');
  const before = again.received.length;
  bo.type(true);
  const media = { camera: 'off', microphone: 'on', cover: 'covered' } as const;
  bo.say('media.update', { ...bo.inCall(), media });
  bo.say('direct.consent', { ...bo.inCall(), allowed: false });
  bo.say('signal.offer', { ...bo.inCall(), sdp: description('offer', 'c0000000') });
  const line = 'candidate:1 1 udp 1 203.0.113.40 5000 typ relay';
  const candidate = { candidate: line, sdpMid: '0', sdpMLineIndex: 0 };
  bo.say('signal.candidate', { ...bo.inCall(), candidate });
  world.flush();
  world.lose(bo);
  assert.deepEqual(again.received.slice(before), []);
});

test('[PR-64] what somebody agreed to on a page that was killed does not turn their call to video', () => {
  const { world, again, bo } = killedAndBack('text');
  again.declareAge('adult');
  bo.say('video.consent', { ...bo.inCall(), allowed: true, policyVersion: 1 });
  world.flush();
  again.rejoin();
  world.flush();
  assert.equal(again.last('call.restored').mode, 'text');
  assert.deepEqual(bo.all('video.started'), []);
});

test('[PR-64] a line that is newer than the return is not taken for one of those of before', () => {
  const { world, again, bo } = killedAndBack('text');
  bo.replays = false;
  again.rejoin();
  world.flush();
  bo.sayLine('four');
  world.flush();
  for (const line of [...(bo.call?.lines ?? [])].toReversed()) {
    bo.say('chat.replay', { ...bo.inCall(), line });
  }
  world.flush();
  assert.deepEqual(
    again.call?.lines.map(({ text }) => text),
    ['three', 'four'],
  );
});

test('an attacker says a line before its new page has heard that it is in the call again', () => {
  const pages = { a: new PageEar('ada', "Ada's device"), b: null };
  const said = new Map<string, SaidLine>();
  const match = { id: 'the call', epoch: 2, pages, said } as MatchModel;
  const line = { epoch: 2, text: 'there I am', place: 1 };
  noteSaid(match, new PageEar('ada', "Ada's device"), 'a line', line);
  noteSaid(match, new PageEar('cy', "Cy's device"), 'of nobody', line);
  assert.deepEqual([...said.keys()], ['a line']);
  assert.equal(said.get('a line')?.side, 'a');
  assert.equal(said.get('a line')?.isDue, false, 'it may be written, and need not');
});

test('of somebody without a socket nobody knows how much is kept; where it may be too much, either is right', () => {
  const match = { a: null, b: null } as MatchModel;
  const side = (subject: string, connection: string | null): SessionModel => {
    const session = { subject, connection, match, seat: null, sent: 0 };
    return { ...session, acknowledged: 0, sentChars: 0 } as SessionModel;
  };
  const ada = side('ada', 'a socket');
  const bo = side('bo', null);
  match.a = { subject: 'ada', session: ada } as MatchSide;
  match.b = { subject: 'bo', session: bo } as MatchSide;
  const backlogs = new Backlogs();
  bo.sent = UNACKED_FRAMES_MAX - 2;
  backlogs.linkChanged(bo);
  backlogs.caused(ada, 100);
  assert.equal(backlogs.doubted.size, 0, 'all that he may have been told still fits');
  backlogs.caused(ada, 100);
  assert.deepEqual([...backlogs.doubted], [bo]);
  bo.connection = 'another socket';
  backlogs.linkChanged(bo);
  backlogs.caused(ada, 100);
  assert.equal(backlogs.doubted.size, 0, 'what he is told is seen again');
});

test('a new page that takes up the place of the one before is told to whoever has no socket', () => {
  const match = { a: null, b: null } as MatchModel;
  const bo = { subject: 'bo', connection: null, match, acknowledged: 0, sentChars: 0 };
  const session = { ...bo, sent: UNACKED_FRAMES_MAX } as SessionModel;
  match.a = { subject: 'ada', session: { subject: 'ada' } } as MatchSide;
  match.b = { subject: 'bo', session } as MatchSide;
  const backlogs = new Backlogs();
  backlogs.linkChanged(session);
  backlogs.caused({ subject: 'ada', match: null, seat: { match } } as SessionModel, 100);
  assert.deepEqual([...backlogs.doubted], [session]);
});

test('a call whose other side does not come back tells whoever has no socket one thing more', () => {
  const match = { a: null, b: null } as MatchModel;
  const bo = { subject: 'bo', connection: null, match, acknowledged: 0, sentChars: 0 };
  const session = { ...bo, sent: UNACKED_FRAMES_MAX - 1 } as SessionModel;
  match.b = { subject: 'bo', session } as MatchSide;
  const backlogs = new Backlogs();
  backlogs.linkChanged(session);
  backlogs.mayBeOver(match);
  backlogs.mayBeOver(match);
  assert.equal(backlogs.doubted.size, 0, 'it is told once, however often it may have come to it');
  session.sent += 1;
  backlogs.linkChanged(session);
  backlogs.mayBeOver(match);
  assert.deepEqual([...backlogs.doubted], [session]);
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

test('a report that a wrong date made a new run forget is written once more, though the disk refused that at first', () => {
  const ledger = new Ledger();
  const fields = { kind: 'report', match: 'the call', by: 'ada', of: 'bo', atWallMs: 0 };
  const record = fields as ReportRecord;
  ledger.append(record, null);
  ledger.store(record);
  ledger.restart(REPORTS_MERGE_FOR_MS);
  ledger.append(record, null);
  ledger.lose(record);
  assert.doesNotThrow(() => ledger.append(record, null));
  ledger.store(record);
  assert.throws(() => ledger.append(record, null), { invariant: 'I8' });
});

test('[I7] a call may go on under an epoch that only another page of the person has heard, and under none that this one has', () => {
  const model = new WorldModel();
  const restored = (epoch: number, seq: number) =>
    ({
      ...{ type: 'call.restored', match: 'the call', side: 'a', epoch, seq },
      counters: [0, 0] as Counters,
    }) as ServerMessageOf<'call.restored'>;
  const [cutOff, newer] = [new PageEar('ada', 'key'), new PageEar('ada', 'key')];
  hearAtPage(model, newer, restored(2, 1));
  assert.doesNotThrow(() => hearAtPage(model, cutOff, restored(2, 1)));
  assert.throws(() => hearAtPage(model, cutOff, restored(2, 2)), { invariant: 'I7' });
});

test('[I6] a line of which nobody with a socket has heard leaves its place, and comes to it', () => {
  const match = inThirdEpoch(null);
  lineWritten(match, lineOf(1), 1);
  assert.doesNotThrow(() => lineWritten(match, lineOf(3), 3));
  assert.throws(() => lineWritten(match, lineOf(5), 3), { invariant: 'I6' }, 'that was never said');
  lineWritten(match, lineOf(2), 2);
  assert.deepEqual(match.lines, [1, 2, 3].map(lineOf));
  const heard = inThirdEpoch('a socket');
  lineWritten(heard, lineOf(1), 1);
  assert.throws(() => lineWritten(heard, lineOf(3), 3), { invariant: 'I6' });
});

/** Bo has said a line under each epoch, each on a page of its own; Ada has this socket. */
function inThirdEpoch(socket: string | null): MatchModel {
  const side = (subject: string, connection: string | null) =>
    ({ subject, session: { connection } }) as MatchSide;
  const said = new Map(
    [1, 2, 3].map((epoch) => [`line ${epoch}`, saidBy('b', epoch, `in ${epoch}`)] as const),
  );
  const sides = { a: side('ada', socket), b: side('bo', 'another') };
  return { id: 'the call', epoch: 3, lines: [], said, ...sides } as unknown as MatchModel;
}

function saidBy(side: 'a' | 'b', epoch: number, text: string): SaidLine {
  const answers = { isDue: true, isAccepted: false, at: 0, isRefused: false };
  return { side, epoch, text, place: epoch, ...answers };
}

function lineOf(place: number): TaggedLine {
  const fields = { id: `line ${place}`, side: 'b', atMs: 0 } as const;
  return { ...fields, counters: [0, place], text: `in ${place}`, tag: 'a tag' };
}

test("a minor's word that was said again while the disk was refusing it is gone after a restart", () => {
  const known = new Acquaintance();
  known.advance(1_000, 1_000);
  known.refuseAge('ada');
  known.advance(2_000, 2_000);
  known.refuseAge('ada');
  known.lose({ kind: 'age-refused', subject: 'ada', atWallMs: 1_000 } as JournalRecord, 1_000);
  known.advance(3_000, 3_000);
  assert.ok(known.isRefusedForAge('ada'), 'this run of the node still knows');
  known.restart();
  assert.ok(!known.isRefusedForAge('ada'));
  known.refuseAge('ada');
  known.restart();
  assert.ok(known.isRefusedForAge('ada'), 'what they said after that was written');
});
