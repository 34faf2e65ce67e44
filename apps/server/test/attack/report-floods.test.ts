import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CREDIT_LIMITS } from '@farandole/gateway/limits';
import { arriveAndMeet } from '../support/meeting.ts';
import { TestPage } from '../support/test-page.ts';
import { besiege } from './support/siege.ts';

/** Each session uses its whole rate limit. */
const SESSIONS = 30;

test('[PR-72, PR-74] merges repeated reports of one call and never notifies the accused', async (t) => {
  const siege = await besiege(t);
  const { port, dataDir } = siege.server;
  await siege.withstand(async () => {
    const ana = new TestPage(t, port, { from: '127.83.0.1' });
    const ben = new TestPage(t, port, { from: '127.83.1.1' });
    const [{ receipt }] = await arriveAndMeet(ana, ben);
    const codes = new Set<string>();
    let merged = 0;
    for (let session = 0; session < SESSIONS; session++) {
      // A new session has a fresh rate limit.
      if (session > 0) {
        ana.socket.close(1000);
        await ana.untilClosed();
        await ana.start();
      }
      for (let i = 0; i < CREDIT_LIMITS.report.burst; i++) {
        const id = `report-${session}-${i}`;
        ana.say('report.create', { id, receipt, reason: 'other', lines: [] });
        const accepted = await ana.next('report.accepted');
        codes.add(accepted.code);
        if (accepted.merged) merged += 1;
      }
      ana.say('report.create', { id: 'one-too-many', receipt, reason: 'other', lines: [] });
      assert.equal((await ana.next('report.refused')).reason, 'too-fast');
    }
    assert.equal(codes.size, 1);
    assert.equal(merged, SESSIONS * CREDIT_LIMITS.report.burst - 1);
    // The store has it shortly after the response.
    const lines = () =>
      readFileSync(join(dataDir, 'reports.jsonl'), 'utf8').split('\n').slice(0, -1);
    while (lines().length === 0) await new Promise(setImmediate);
    assert.equal(lines().length, 1);
    assert.equal((await ben.next('call.ended')).reason, 'left');
    assert.ok(!ben.received.some(({ type }) => /report|block/.test(type)));
    assert.equal(ben.closed, null, 'a report alone ends nobody’s session');
    for (const page of [ana, ben]) {
      page.socket.close(1000);
      await page.untilClosed();
    }
  }, ['report-stored']);
  await siege.canary.stop();
});
