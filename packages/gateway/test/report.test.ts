import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type MatchId } from '@farandole/kernel/id';
import type { TaggedLine } from '@farandole/protocol/fields';
import {
  PICTURES_TOKEN_LIFETIME_MS,
  RECEIPT_LIFETIME_MS,
  REPORT_LINES_MAX,
  REPORT_TEXT_BYTES_MAX,
} from '@farandole/protocol/limits';
import type { Budget } from '../src/budget/budget.ts';
import { BLOCK_WAITERS_MAX, PENDING_WRITES_MAX, REPORT_WAITERS_MAX } from '../src/limits.ts';
import { tagLine } from '../src/line-tag.ts';
import { openPicturesToken } from '../src/pictures-token.ts';
import { reportsIn, talked } from './support/talked.ts';
import type { TestClient } from './support/test-client.ts';
import { paired, type World } from './support/world.ts';

function given(line: TaggedLine | undefined): TaggedLine {
  assert.ok(line !== undefined);
  return line;
}

const refusal = (client: TestClient): string => client.last('report.refused').reason;

test('[PR-70] a report ends the call, blocks the pair and is stored', () => {
  const { world, ada, bo, call } = talked();
  const id = ada.report(call, { reason: 'hate', note: 'They said so.' });
  world.flush();
  assert.equal(ada.last('call.ended').reason, 'you');
  assert.equal(bo.last('call.ended').reason, 'left');
  assert.ok(world.pairs.blockedEitherWay(ada.subject, bo.subject));
  const [record] = reportsIn(world);
  assert.ok(record !== undefined);
  assert.deepEqual(
    { ...record, code: '', lines: record.lines.map(({ text }) => text) },
    {
      kind: 'report',
      id,
      code: '',
      match: call.match,
      by: ada.subject,
      byDevice: world.signer.deviceId(ada.device),
      of: bo.subject,
      ofDevice: world.signer.deviceId(bo.device),
      reason: 'hate',
      note: 'They said so.',
      lines: ['line 0', 'line 1', 'line 2'],
      lastedMs: 1_500,
      call: { mode: 'text', roles: { reporter: 'peer', reported: 'peer' } },
      reporterSide: call.side,
      atWallMs: world.clock.wallMs(),
    },
  );
});

test('[PR-70] a reported pair never meets again, even after a restart', () => {
  const { world, ada, bo } = talked();
  ada.report();
  world.settleJournal();
  world.restart();
  world.join('bo');
  assert.ok(world.pairs.blockedEitherWay(bo.subject, ada.subject));
});

test('[PR-71] confirms a report once the report is on disk', () => {
  const { world, ada } = talked();
  const id = ada.report();
  world.pass(5_000);
  assert.equal(ada.all('report.accepted').length, 0);
  world.settleJournal();
  const accepted = ada.last('report.accepted');
  assert.deepEqual([accepted.id, accepted.merged], [id, false]);
  assert.match(accepted.code, /^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  assert.equal(world.journal.stored.find(({ kind }) => kind === 'report')?.kind, 'report');
});

test('[PR-71] refuses a report after a failed write and allows a retry', () => {
  const { world, ada, bo, call } = talked();
  const id = ada.report(call);
  world.settleJournal(false);
  assert.equal(refusal(ada), 'not-stored');
  assert.ok(world.pairs.blockedEitherWay(ada.subject, bo.subject), 'the block holds all the same');
  ada.report(call, { id });
  world.settleJournal(true);
  const accepted = ada.last('report.accepted');
  assert.deepEqual([accepted.id, accepted.merged], [id, false]);
});

test('[PR-71] a resume delivers a report’s confirmation that the page missed', () => {
  const { world, ada, call } = talked();
  ada.report(call);
  world.lose(ada);
  world.settleJournal();
  world.connect(ada);
  assert.equal(ada.all('report.accepted').length, 1);
});

test('[PR-71] sends no confirmation of a report to an ended session', () => {
  const { world, ada, call } = talked();
  ada.report(call);
  ada.leave();
  world.flush();
  world.settleJournal();
  assert.equal(world.gateway.counts().online, 1);
});

test('[PR-72] merges a user’s second report of the same call', () => {
  const { world, ada, call } = talked();
  const first = ada.report(call);
  world.settleJournal();
  const { code } = ada.last('report.accepted');
  const second = ada.report(call, { reason: 'hate' });
  world.settleJournal();
  const merged = ada.last('report.accepted');
  assert.deepEqual([merged.id, merged.code, merged.merged], [second, code, true]);
  ada.report(call, { id: first });
  world.settleJournal();
  const again = ada.last('report.accepted');
  assert.deepEqual([again.id, again.code, again.merged], [first, code, false]);
  assert.equal(world.journal.stored.filter(({ kind }) => kind === 'report').length, 1);
});

test('[GW-57a] answers with the report that the store already has', () => {
  for (const [known, merged] of [
    ['the same id', false],
    ['another-id', true],
    [null, true],
  ] as const) {
    const { world, ada, call } = talked();
    const id = ada.report(call);
    world.flush();
    const first = { id: known === 'the same id' ? id : known, code: 'ABCD-EFGH' };
    world.settleJournal(true, first);
    const accepted = ada.last('report.accepted');
    assert.deepEqual([accepted.id, accepted.code, accepted.merged], [id, first.code, merged]);
    // The node remembers the stored report, and not its own.
    ada.report(call, { id });
    world.flush();
    const again = ada.last('report.accepted');
    assert.deepEqual([again.code, again.merged], [first.code, merged]);
  }
});

test('[PR-72] confirms a second report only once the first one is written', () => {
  for (const stored of [true, false]) {
    const { world, ada, call } = talked();
    ada.report(call);
    ada.report(call);
    world.flush();
    assert.equal(ada.all('report.accepted').length, 0);
    assert.equal(reportsIn(world).length, 1);
    world.settleJournal(stored);
    assert.equal(ada.all('report.accepted').length, stored ? 2 : 0);
    assert.equal(ada.all('report.refused').length, stored ? 0 : 2);
  }
});

test('[PR-72] stores a separate report for each user who reports a call', () => {
  const { world, ada, bo, call } = talked();
  const other = bo.call;
  ada.report(call);
  bo.report(other);
  world.settleJournal();
  assert.deepEqual(
    [ada, bo].map((client) => client.last('report.accepted').merged),
    [false, false],
  );
  assert.notEqual(ada.last('report.accepted').code, bo.last('report.accepted').code);
});

test('[PR-72] merges a report with one stored before a restart', () => {
  const { world, ada, call } = talked();
  ada.report(call);
  world.settleJournal();
  const { code } = ada.last('report.accepted');
  world.restart();
  world.connect(ada);
  ada.report(call);
  world.settleJournal();
  const merged = ada.last('report.accepted');
  assert.deepEqual([merged.code, merged.merged], [code, true]);
});

test('[GW-52] limits how many clients wait for one report to be written', () => {
  const { world, ada, call } = talked();
  for (let i = 0; i < REPORT_WAITERS_MAX; i++) {
    ada.report(call);
    world.pass(10_000);
  }
  assert.equal(ada.all('report.refused').length, 0);
  ada.report(call);
  world.flush();
  assert.equal(refusal(ada), 'too-fast');
  world.settleJournal();
  assert.equal(ada.all('report.accepted').length, REPORT_WAITERS_MAX);
});

test('[GW-54] writes a repeated block once and limits the clients waiting for it', () => {
  const { world, ada, call } = talked();
  for (let i = 0; i < BLOCK_WAITERS_MAX; i++) {
    ada.block(call.receipt);
    world.pass(2_000);
  }
  assert.equal(ada.all('block.refused').length, 0);
  ada.block(call.receipt);
  world.flush();
  assert.equal(ada.last('block.refused').reason, 'not-stored');
  const ofBlocks = world.journal.pending.filter(({ record }) => record.kind === 'block');
  assert.equal(ofBlocks.length, 1, 'a second one could come after it was taken back');
  world.settleJournal();
  const accepted = ada.all('block.accepted');
  assert.equal(accepted.length, BLOCK_WAITERS_MAX);
  assert.equal(ada.all('block.refused').length, 1);
});

test('[GW-54] repeated requests for a block write one record', () => {
  const { world, ada, call } = talked();
  const ask = (times: number): void => {
    for (let i = 0; i < times; i++) {
      ada.block(call.receipt);
      world.pass(2_000);
      world.settleJournal();
    }
  };
  const written = (): number => world.journal.stored.filter(({ kind }) => kind === 'block').length;
  ada.block(call.receipt);
  world.settleJournal(false);
  assert.equal(ada.last('block.refused').reason, 'not-stored');
  ask(3);
  assert.equal(ada.all('block.accepted').length, 3);
  assert.equal(written(), 1);
  world.restart();
  world.connect(ada);
  ask(2);
  assert.equal(ada.all('block.accepted').length, 5);
  assert.equal(written(), 1, 'nor after a restart');
});

test('[GW-52] refuses reports while too many writes are pending', () => {
  const { world, ada, bo, call } = talked();
  world.fillPendingWrites();
  assert.equal(world.gateway.sizes().pendingWrites, PENDING_WRITES_MAX);
  ada.block(call.receipt);
  world.flush();
  assert.equal(ada.last('block.refused').reason, 'not-stored');
  ada.report(call);
  world.flush();
  assert.equal(refusal(ada), 'not-stored');
  world.settleJournal();
  assert.equal(ada.all('block.accepted').length, 0);
  ada.block(call.receipt);
  world.settleJournal();
  assert.equal(ada.all('block.accepted').length, 1, 'there is room again');
  assert.ok(bo.isAttached);
});

test('[PR-73] refuses and doesn’t store reports with missing chat lines or unknown keys', () => {
  const { world, ada, bo, call } = talked(4);
  const [first, second, third, fourth] = call.lines;
  assert.ok(first && second && third && fourth);
  const wrong: readonly (readonly TaggedLine[])[] = [
    [first, third],
    [second, first],
    [first, first],
    [first, second, fourth],
    [{ ...first, tag: first.tag.replace(/^[^.]+/, 'gone') }],
    [{ ...first, text: 'never said' }, third],
  ];
  for (const lines of wrong) {
    ada.report(call, { lines: [...lines] });
    world.pass(10_000);
    assert.equal(refusal(ada), 'bad-lines');
  }
  assert.equal(reportsIn(world).length, 0);
  assert.ok(ada.call !== null && bo.call !== null, 'and the call goes on');
  assert.equal(world.pairs.blockedEitherWay(ada.subject, bo.subject), false);
  ada.report(call, { lines: [second, third] });
  world.settleJournal();
  assert.equal(ada.all('report.accepted').length, 1, 'a part in the middle is as good');
});

test('[PR-73, GW-55] stores a report with forged chat lines flagged and without lines', () => {
  const strangeTo = (world: World, line: TaggedLine) =>
    tagLine(world.signer, brandId<MatchId>('another-match'), line);
  const forgeries: readonly ((world: World, lines: readonly TaggedLine[]) => TaggedLine[])[] = [
    (_, [first]) => [{ ...given(first), text: 'never said' }],
    (_, [first, second]) => [{ ...given(first), side: given(second).side }],
    (_, [first]) => [{ ...given(first), atMs: given(first).atMs + 1 }],
    (_, [first, second]) => [{ ...given(first), tag: given(second).tag }],
    (_, [first, second]) => [given(first), { ...given(second), text: 'never said' }],
    (world, [first]) => [strangeTo(world, given(first))],
  ];
  for (const forge of forgeries) {
    const { world, ada, bo, call } = talked(2);
    ada.report(call, { lines: forge(world, call.lines), note: 'Look.' });
    const [record] = reportsIn(world);
    assert.deepEqual([record?.contradicted, record?.lines, record?.note], [true, [], 'Look.']);
    world.settleJournal();
    assert.equal(ada.last('report.accepted').merged, false);
    assert.equal(ada.last('call.ended').reason, 'you');
    assert.ok(world.pairs.blockedEitherWay(ada.subject, bo.subject));
    ada.report(call);
    world.flush();
    assert.ok(ada.last('report.accepted').merged, 'and what comes later does not take its place');
  }
});

test('[PR-73] accepts reports with any number of chat lines up to the maximum', () => {
  for (const lines of [0, REPORT_LINES_MAX]) {
    const { world, ada, call } = talked(lines);
    assert.equal(call.lines.length, lines);
    ada.report(call);
    world.settleJournal();
    assert.equal(ada.all('report.accepted').length, 1);
  }
});

test('[PR-73] limits the total bytes of a report’s chat lines exactly', () => {
  const { world, ada, bo } = paired();
  const size = REPORT_TEXT_BYTES_MAX / 16;
  // Each letter takes two bytes, so the test fails if characters are counted. The last line
  // exceeds the limit.
  for (let i = 0; i < 16; i++) {
    bo.sayLine('é'.repeat(size / 2));
    world.pass(500);
  }
  bo.sayLine('x');
  world.flush();
  const { call } = ada;
  assert.ok(call !== null);
  ada.report(call);
  world.flush();
  assert.equal(refusal(ada), 'bad-lines');
  ada.report(call, { lines: call.lines.slice(0, 16) });
  world.settleJournal();
  assert.equal(ada.all('report.accepted').length, 1);
});

test('[PR-53] refuses a report whose chat lines have expired tags', () => {
  const { world, ada, bo } = talked();
  // The call was restored after its chat lines were sent, so its receipt expires later than they
  // do.
  world.clock.advance(RECEIPT_LIFETIME_MS - 10_000);
  world.restart();
  for (const client of [ada, bo]) world.connect(client);
  assert.ok(ada.call !== null);
  const { call } = ada;
  bo.endCall('next');
  world.clock.advance(10_000);
  ada.report(call);
  world.flush();
  assert.equal(refusal(ada), 'bad-lines');
});

test('[GW-53] a report during a call may include chat lines of any age', () => {
  const { world, ada, call } = talked();
  world.clock.jumpWall(30 * RECEIPT_LIFETIME_MS);
  ada.report(call);
  world.settleJournal();
  assert.equal(ada.all('report.accepted').length, 1);
});

test('[GW-53] a receipt expires after its call ended, but not during it', () => {
  const { world, ada, bo, call } = talked();
  world.clock.advance(RECEIPT_LIFETIME_MS);
  world.tick();
  ada.report(call, { lines: [] });
  world.settleJournal();
  assert.equal(ada.all('report.accepted').length, 1);
  const receipt = bo.last('match.found').receipt;
  bo.block(receipt);
  world.flush();
  assert.equal(bo.last('block.refused').reason, 'bad-receipt');
});

test('[PR-70] accepts a report only with the user’s own receipt', () => {
  const { world, ada, bo, call } = talked();
  const eve = world.join('eve');
  for (const receipt of [call.receipt, 'call.forged-from-nothing.at-all']) {
    eve.report({ receipt, lines: [] });
    eve.block(receipt);
    world.flush();
    assert.equal(refusal(eve), 'bad-receipt');
    assert.equal(eve.last('block.refused').reason, 'bad-receipt');
  }
  assert.ok(ada.call !== null && bo.call !== null);
  assert.equal(world.pairs.sizes.blocks, 0);
});

test('[PR-70] accepts reports and blocks after a call until the receipt expires', () => {
  const { world, ada, bo, call } = talked();
  bo.endCall('next');
  world.flush();
  world.clock.advance(RECEIPT_LIFETIME_MS - 10_000);
  ada.report(call);
  ada.block(call.receipt);
  world.settleJournal();
  assert.equal(ada.all('report.accepted').length, 1);
  assert.equal(ada.last('block.accepted').match, call.match);
  assert.equal(ada.all('call.ended').length, 1);
});

test('[PR-70] accepts a report with a receipt from before a restart', () => {
  const { world, ada, bo, call } = talked();
  world.restart();
  const again = world.join('ada', { restores: false });
  again.report(call);
  world.settleJournal();
  assert.equal(again.all('report.accepted').length, 1);
  assert.ok(world.pairs.blockedEitherWay(ada.subject, bo.subject));
});

test('[PR-71] confirms a stored block, and refuses a block whose write failed', () => {
  for (const stored of [true, false]) {
    const { world, ada, bo } = talked();
    ada.block();
    world.flush();
    assert.equal(ada.last('call.ended').reason, 'you');
    assert.equal(ada.all('block.accepted').length, 0);
    assert.ok(world.pairs.blockedEitherWay(bo.subject, ada.subject));
    world.settleJournal(stored);
    assert.equal(ada.all('block.accepted').length, stored ? 1 : 0);
    assert.deepEqual(
      ada.all('block.refused').map(({ reason }) => reason),
      stored ? [] : ['not-stored'],
    );
  }
});

test('[PR-74] a reported or blocked peer receives an ordinary end reason', () => {
  const heard = (['report', 'block', 'next'] as const).map((how) => {
    const { world, ada, bo, call } = talked();
    const before = bo.received.length;
    if (how === 'report') ada.report(call);
    if (how === 'block') ada.block();
    if (how === 'next') ada.endCall('next');
    world.settleJournal();
    world.pass(1_000);
    return bo.received.slice(before).map((message) => {
      const { type } = message;
      return type === 'call.ended' ? { type, reason: message.reason } : { type };
    });
  });
  const [reported, blocked, left] = heard;
  assert.deepEqual(reported, left);
  assert.deepEqual(blocked, left);
});

test('[GW-60] refuses reports and blocks above the rate limit', () => {
  const { world, ada, call } = talked();
  for (let i = 0; i < 7; i++) ada.report(call);
  for (let i = 0; i < 11; i++) ada.block(call.receipt);
  world.flush();
  assert.equal(refusal(ada), 'too-fast');
  assert.equal(ada.all('report.refused').length, 1);
  assert.equal(ada.last('block.refused').reason, 'too-fast');
  assert.equal(ada.all('block.refused').length, 1);
});

test('[GW-70] tells the observer only the reason of a stored or failed report', () => {
  for (const stored of [true, false]) {
    const { world, ada, call } = talked();
    ada.report(call, { reason: 'scam-or-spam' });
    world.settleJournal(stored);
    const event = stored ? 'report-stored' : 'report-failed';
    assert.deepEqual(world.events.at(-1), { event, reason: 'scam-or-spam' });
  }
});

test('[PR-76] issues a short-lived picture token unless the report reason forbids pictures', () => {
  for (const [takesPictures, reason, isGiven] of [
    [true, 'hate', true],
    [true, 'may-be-under-18', false],
    [false, 'hate', false],
  ] as const) {
    const { world, ada } = paired('text', { config: { takesPictures } });
    const { call } = ada;
    assert.ok(call !== null);
    const id = ada.report(call, { reason });
    world.settleJournal();
    const { pictures } = ada.last('report.accepted');
    assert.equal(pictures !== undefined, isGiven, reason);
    if (pictures === undefined) continue;
    const opened = (): ReturnType<typeof openPicturesToken> =>
      openPicturesToken(world.signer, pictures, world.clock.wallMs());
    assert.deepEqual(opened(), { match: call.match, reporterSide: call.side });
    assert.equal(openPicturesToken(world.signer, call.receipt, world.clock.wallMs()), null);
    // The page lost the reply. A retry of the same report gets a new picture token, but another
    // report of the call gets none.
    for (const name of [id, 'another-report']) {
      ada.report(call, { id: name, reason });
      world.flush();
      const again = ada.last('report.accepted');
      assert.deepEqual([again.id, again.pictures === undefined], [name, name !== id]);
    }
    world.pass(PICTURES_TOKEN_LIFETIME_MS - 1);
    assert.notEqual(opened(), null);
    world.pass(1);
    assert.equal(opened(), null);
  }
});

/** A report budget whose capacity all addresses share. */
class FixedBudget implements Budget {
  left: number;
  readonly asked: string[] = [];

  constructor(left: number) {
    this.left = left;
  }

  take(address: string): number {
    this.asked.push(address);
    if (this.left === 0) return 1_000;
    this.left -= 1;
    return 0;
  }

  release(): void {
    this.left += 1;
  }
}

test('[GW-59] marks reports that exceed a budget of the reporter’s network', () => {
  const [hour, day] = [new FixedBudget(1), new FixedBudget(5)];
  const reportBy = (reason: 'hate' | 'may-be-under-18', isProven = false) => {
    const { world, ada } = paired('text');
    world.reportBudgets.push(day, hour);
    if (isProven) world.proven.add(ada.subject);
    ada.report(undefined, { reason });
    world.settleJournal();
    assert.equal(ada.all('report.accepted').length, 1, 'every report is accepted');
    const reports = world.journal.stored.filter((record) => record.kind === 'report');
    return reports.map(({ overBudget }) => overBudget);
  };
  assert.deepEqual(reportBy('hate'), [undefined]);
  assert.deepEqual([hour.left, day.left], [0, 4]);
  assert.deepEqual(reportBy('hate'), [true]);
  // A report that one budget refuses takes nothing from the others.
  assert.deepEqual([hour.left, day.left], [0, 4]);
  const asked = hour.asked.length;
  assert.deepEqual(reportBy('may-be-under-18'), [undefined]);
  assert.deepEqual(reportBy('hate', true), [undefined]);
  assert.equal(hour.asked.length, asked, 'proven users and reports about minors cost nothing');
});

test('[GW-59] counts a repeated report only once in the budget', () => {
  const { world, ada, call } = talked();
  const budget = new FixedBudget(9);
  world.reportBudgets.push(budget);
  ada.report(call);
  world.settleJournal();
  ada.report(call);
  world.flush();
  assert.equal(ada.last('report.accepted').merged, true);
  assert.equal(budget.left, 8);
});
