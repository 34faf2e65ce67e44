import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { brandId } from '@farandole/kernel/id';
import type { PushId } from '@farandole/moderation/ids';
import { PUSH_EVERY_MS, PUSH_KEPT_MS, PUSHES_PER_SUBJECT_MAX } from '@farandole/moderation/limits';
import { tellOwnData } from '@farandole/moderation/privacy/exported-data';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { atDeskOf } from './support/at-desk.ts';
import { DAY_MS, type Desk, subject } from './support/desk.ts';

const pushId = (browser: string): PushId => brandId<PushId>(`push-of-${browser}`);

async function subscribe(desk: Desk, who: string, browser = who, mode = 'video') {
  const own = { id: pushId(browser), sealed: `sealed-${browser}`, subject: subject(who), mode };
  return await desk.run('push.subscribe', own);
}

async function claim(
  desk: Desk,
  change: { mode?: string; except?: string[]; limit?: number } = {},
) {
  const { mode = 'video', except = [], limit = 10 } = change;
  const input = { mode, except: except.map(subject), limit };
  return (await desk.run('push.claim', input)).map(({ sealed }) => sealed);
}

async function notificationsOf(desk: Desk, who: string) {
  return tellOwnData(await desk.export(subject(who)), desk.nowMs).notifications;
}

export function pushContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  describe(`browsers are notified when someone searches: ${adapter}`, () => {
    it('[MO-150] claims each browser of the mode once an hour, the longest unnotified first', async (desk) => {
      await subscribe(desk, 'ada');
      await subscribe(desk, 'bob');
      await subscribe(desk, 'cleo', 'cleo', 'text');
      assert.deepEqual(await claim(desk, { limit: 1 }), ['sealed-ada']);
      desk.nowMs += 1_000;
      assert.deepEqual(await claim(desk), ['sealed-bob']);
      assert.deepEqual(await claim(desk), []);
      desk.nowMs += PUSH_EVERY_MS - 1_001;
      assert.deepEqual(await claim(desk), []);
      desk.nowMs += 1;
      assert.deepEqual(await claim(desk), ['sealed-ada']);
      // Asking again doesn't shorten the hour.
      await subscribe(desk, 'ada');
      desk.nowMs += 1_000;
      assert.deepEqual(await claim(desk), ['sealed-bob']);
      assert.deepEqual(await claim(desk, { mode: 'text' }), ['sealed-cleo']);
    });

    it('[MO-150] gives one browser to one of several claims at the same time', async (desk) => {
      for (const who of ['ada', 'bob', 'cleo']) await subscribe(desk, who);
      const claims = await Promise.all([claim(desk), claim(desk), claim(desk)]);
      assert.deepEqual(claims.flat().toSorted(), ['sealed-ada', 'sealed-bob', 'sealed-cleo']);
    });

    it('[MO-151] notifies neither the searching user nor a suspended one', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      for (const who of ['ada', 'mallory', 'zed']) await subscribe(desk, who);
      const { case: of } = await desk.report(1);
      await desk.decideNow(of, ana, 'suspend-1d');
      assert.deepEqual(await claim(desk, { except: ['ada'] }), ['sealed-zed']);
      // The searching user's own browser stays due.
      assert.deepEqual(await claim(desk), ['sealed-ada']);
      desk.nowMs += DAY_MS + PUSH_EVERY_MS;
      assert.ok((await claim(desk)).includes('sealed-mallory'));
    });

    it('[ST-15e] removes a browser after 30 days, on request and above the maximum', async (desk) => {
      const { untilMs } = await subscribe(desk, 'ada');
      assert.equal(untilMs, desk.nowMs + PUSH_KEPT_MS);
      await subscribe(desk, 'bob');
      await desk.run('push.unsubscribe', { id: pushId('bob') });
      assert.deepEqual(await notificationsOf(desk, 'bob'), []);
      assert.deepEqual(await notificationsOf(desk, 'ada'), [{ atMs: desk.nowMs, mode: 'video' }]);
      await desk.store.run('time.pass', { nowMs: untilMs - 1 });
      assert.equal((await notificationsOf(desk, 'ada')).length, 1);
      desk.nowMs = untilMs;
      assert.deepEqual(await claim(desk), [], 'expired, but not yet removed');
      await desk.store.run('time.pass', { nowMs: untilMs });
      assert.deepEqual(await notificationsOf(desk, 'ada'), []);
      for (let n = 0; n <= PUSHES_PER_SUBJECT_MAX; n++) {
        desk.nowMs += 1;
        await subscribe(desk, 'dan', `browser-${n}`);
      }
      assert.equal((await notificationsOf(desk, 'dan')).length, PUSHES_PER_SUBJECT_MAX);
      const left = await claim(desk);
      assert.deepEqual([left.includes('sealed-browser-0'), left.length], [false, 5]);
    });

    it('[ST-14f] erases a user’s browsers and exports no address', async (desk) => {
      await subscribe(desk, 'ada');
      await subscribe(desk, 'bob');
      assert.ok(!JSON.stringify(await desk.export(subject('ada'))).includes('sealed'));
      await desk.run('subject.erase', { subject: subject('ada') });
      assert.deepEqual(await notificationsOf(desk, 'ada'), []);
      assert.deepEqual(await claim(desk), ['sealed-bob']);
      assert.equal((await desk.audit()).length, 1, 'a user with a browser alone is known');
    });
  });
}
