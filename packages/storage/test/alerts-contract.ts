import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { FaultKind } from '@farandole/moderation/alerts/alert';
import { ALERTS_SETTING, type AlertSettings } from '@farandole/moderation/alerts/alert-settings';
import {
  ALERT_EVERY_MS,
  APPEAL_LATE_MS,
  MAIL_ADDRESS_CHARS_MAX,
  MESSAGE_CLAIMED_MS,
  MESSAGE_UNTAKEN_MS,
  ROTA_MAX,
} from '@farandole/moderation/alerts/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { atDeskOf } from './support/at-desk.ts';
import { type Desk, given, member } from './support/desk.ts';

const HOUR_MS = 3_600_000;
const NO_RULES = { rota: [], quiet: null, zone: 'UTC', language: 'en' } as const;

async function run(desk: Desk, faults: readonly FaultKind[] = [], source = 'node-1') {
  const input = { source, faults, channels: ['webhook', 'mail'], earlier: [] } as const;
  const ran = await desk.run('alerts.run', { ...input, settled: [] });
  const settled = ran.send.map(({ message: { id } }) => ({ id, isSent: true }));
  if (settled.length > 0) await desk.run('alerts.run', { ...input, settled });
  return ran;
}

async function put(desk: Desk, change: Partial<AlertSettings>, before = 0, by = 'olga') {
  const input = { ...NO_RULES, ...change, languages: ['en', 'fr'], before, by: member(by) };
  return await desk.run('alerts.put', input);
}

const kindsOf = ({ send }: Awaited<ReturnType<typeof run>>) =>
  send.map(({ message, alert }) => `${alert.kind} ${alert.count} ${message.channel}`);

export function alertsContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  describe(`alerts: ${adapter}`, () => {
    it('[MO-236] wakes for a pinned case, and names its code alone', async (desk) => {
      await desk.hire('olga', 'admin');
      const ana = await desk.hire('ana', 'moderator');
      given(await put(desk, { rota: [{ member: ana, mail: 'ana@example.org', days: [] }] }));
      await desk.report(1, { reason: 'hate' });
      assert.deepEqual(kindsOf(await run(desk)), []);
      const { case: of } = await desk.report(2, {
        ...{ of: 'mal', by: 'bob', reason: 'self-harm', note: 'help', said: ['a line'] },
      });
      const ran = await run(desk);
      assert.deepEqual(kindsOf(ran), ['pinned-case 1 webhook', 'pinned-case 1 mail']);
      const { alert, message } = ran.send[1] ?? {};
      assert.deepEqual([alert?.cases, alert?.class], [[of], 'danger']);
      assert.equal(message?.to, 'ana@example.org');
      assert.doesNotMatch(JSON.stringify(alert), /mal|bob|help|line|network/);
      assert.deepEqual(kindsOf(await run(desk, [], 'node-2')), [], 'another node');
    });

    it('[MO-235] gives each message to one of several runs at the same time', async (desk) => {
      await desk.hire('ana', 'moderator');
      await desk.report(1, { reason: 'self-harm' });
      const asked = { channels: ['webhook'], settled: [], earlier: [] } as const;
      const runs = await Promise.all(
        ['node-1', 'node-2', 'node-3'].map((source) =>
          desk.run('alerts.run', { ...asked, source, faults: ['disk-full'] }),
        ),
      );
      const sent = runs.flatMap(({ send }) => send.map(({ alert }) => alert.kind));
      assert.deepEqual(sent.toSorted(), ['disk-full', 'pinned-case']);
    });

    it('[MO-231] wakes once for the unproven reporters of one network', async (desk) => {
      await desk.hire('ana', 'moderator');
      const told: string[] = [];
      for (let n = 1; n <= 30; n++) {
        const change = { by: `by-${n}`, of: `of-${n}`, reason: 'self-harm', from: 'one' } as const;
        await desk.report(n, n > 15 ? { ...change, overBudget: true } : change);
        told.push(...kindsOf(await run(desk)));
        desk.nowMs += ALERT_EVERY_MS;
      }
      assert.deepEqual(
        told.filter((kind) => kind.startsWith('pinned')),
        ['pinned-case 1 webhook'],
      );
      await desk.report(31, { by: 'cleo', of: 'of-20', reason: 'self-harm', from: 'two' });
      assert.ok(kindsOf(await run(desk)).includes('pinned-case 1 webhook'));
    });

    it('[MO-237] ends the alert of a case that a member opens', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { case: of } = await desk.report(1, { reason: 'self-harm' });
      await run(desk);
      desk.nowMs += 1_000;
      await desk.do('case.show', { case: of, by: ana });
      await run(desk);
      const { alerts } = await desk.do('alerts.read', { by: ana });
      const end = { how: 'acknowledged', by: ana, atMs: desk.nowMs };
      assert.deepEqual(
        alerts.map((alert) => alert.end),
        [end],
      );
    });

    it('[MO-237] ends an acknowledged alert and the others of its kind', async (desk) => {
      const olga = await desk.hire('olga', 'admin');
      const ana = await desk.hire('ana', 'moderator');
      const before = await desk.store.run('desk.revision', null);
      await run(desk, ['disk-full']);
      const after = await desk.store.run('desk.revision', null);
      assert.ok(after > before);
      const [counts] = await desk.run('desk.counts', { members: [ana] });
      assert.equal(counts?.alert?.kind, 'disk-full');
      const alert = counts?.alert?.id ?? '';
      await desk.do('alert.acknowledge', { alert, by: ana });
      await desk.do('alert.acknowledge', { alert, by: olga });
      const { alerts, settings } = await desk.do('alerts.read', { by: olga });
      assert.deepEqual(alerts[0]?.end, { how: 'acknowledged', by: ana, atMs: desk.nowMs });
      assert.equal(settings?.version, 0);
      assert.equal((await desk.do('alerts.read', { by: ana })).settings, null);
      const [now] = await desk.run('desk.counts', { members: [ana] });
      assert.equal(now?.alert, undefined);
      const wrong = await desk.run('alert.acknowledge', { alert: 'alert-9999', by: ana });
      assert.deepEqual(wrong, { ok: false, reason: 'unknown' });
    });

    it('[MO-236] alerts about late cases, late appeals and cases without a role', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      await desk.report(1, { reason: 'threat-or-violence' });
      const { case: of } = await desk.report(2, { of: 'mal', reason: 'hate' });
      const { decision } = await desk.decideNow(of, ana, 'warn');
      given(await desk.appeal(decision.id));
      await desk.report(3, { of: 'max', reason: 'may-be-under-18' });
      assert.deepEqual(kindsOf(await run(desk)), [
        'pinned-case 1 webhook',
        'sealed-unopenable 1 webhook',
      ]);
      desk.nowMs += 5 * HOUR_MS;
      assert.deepEqual(
        kindsOf(await run(desk))
          .toSorted()
          .slice(0, 2),
        ['late-case 1 webhook', 'late-pinned-case 1 webhook'],
      );
      desk.nowMs += APPEAL_LATE_MS;
      assert.ok(kindsOf(await run(desk)).includes('late-appeals 1 webhook'));
    });

    it('[MO-320] counts held cases again in the morning', async (desk) => {
      await desk.hire('olga', 'admin');
      const ana = await desk.hire('ana', 'moderator');
      given(await put(desk, { quiet: { from: '00:00', to: '23:59' } }));
      const of = [];
      for (let n = 1; n <= 3; n++) {
        const taken = await desk.report(n, { of: `of-${n}`, reason: 'threat-or-violence' });
        of.push(taken.case);
      }
      const [closed, taken, left] = of;
      assert.ok(closed !== undefined && taken !== undefined);
      desk.nowMs += 5 * HOUR_MS;
      assert.deepEqual(kindsOf(await run(desk)), []);
      await desk.decideNow(closed, ana, 'warn');
      await desk.assign(taken, ana);
      given(await put(desk, { quiet: null }, 1));
      const { send } = await run(desk);
      assert.deepEqual(
        send.map(({ alert }) => [alert.kind, alert.count, alert.cases]),
        [['late-case', 1, [left]]],
      );
    });

    it('[MO-321] gives up a message whose channel no node has', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const input = { source: 'node-1', faults: ['disk-full'], settled: [], earlier: [] } as const;
      const { send } = await desk.run('alerts.run', { ...input, channels: ['webhook'] });
      assert.equal(send.length, 1);
      desk.nowMs += MESSAGE_CLAIMED_MS + MESSAGE_UNTAKEN_MS;
      const ran = await desk.run('alerts.run', { ...input, channels: ['mail'] });
      assert.deepEqual([ran.send, ran.untaken.map(({ channel }) => channel)], [[], ['webhook']]);
      const { alerts } = await desk.do('alerts.read', { by: ana });
      assert.deepEqual(alerts[0]?.notSetUp, ['webhook']);
    });

    it('[MO-238] checks the settings, and keeps the rota free of former members', async (desk) => {
      await desk.hire('olga', 'admin');
      const ana = await desk.hire('ana', 'moderator');
      await desk.hire('ben', 'moderator');
      const rowOf = (mail: string, days: readonly number[] = []) => [{ member: ana, mail, days }];
      const refusal = async (change: Partial<AlertSettings>, by = 'olga') => {
        const answer = await put(desk, change, 0, by);
        return answer.ok ? 'ok' : answer.reason;
      };
      assert.equal(await refusal({}, 'ana'), 'not-allowed');
      assert.equal(await refusal({ zone: 'Mars/Base' }), 'hour-zone-unknown');
      assert.equal(await refusal({ language: 'xx' }), 'malformed');
      assert.equal(await refusal({ quiet: { from: '22:00', to: '24:00' } }), 'quiet-hours-wrong');
      assert.equal(await refusal({ quiet: { from: '22:00', to: '22:00' } }), 'quiet-hours-wrong');
      const long = `${'a'.repeat(60)}@${'b'.repeat(185)}.example`;
      assert.ok(long.length === MAIL_ADDRESS_CHARS_MAX);
      for (const mail of ['ana', 'a b@example.org', 'a@b,c@d', `c${long}`, 'a@b\r\nBcc: c@d']) {
        assert.equal(await refusal({ rota: rowOf(mail) }), 'rota-mail-wrong', mail);
      }
      assert.equal(await refusal({ rota: rowOf('', [7]) }), 'malformed');
      assert.equal(await refusal({ rota: [...rowOf(''), ...rowOf('')] }), 'malformed');
      const nobody = { member: member('nobody'), mail: '', days: [] };
      assert.equal(await refusal({ rota: [nobody] }), 'rota-member-unknown');
      const many = Array.from({ length: ROTA_MAX + 1 }, () => nobody);
      assert.equal(await refusal({ rota: many }), 'rota-too-long');
      assert.equal(await refusal({ rota: rowOf(long, [0, 6]) }), 'ok');
      assert.equal(await refusal({}), 'changed-meanwhile');
      assert.equal((await run(desk)).settings.rota.length, 1);
      await desk.do('member.remove', { id: ana, by: member('olga') });
      assert.deepEqual((await run(desk)).settings.rota, []);
      assert.doesNotMatch(JSON.stringify(await desk.store.run('setting.list', null)), /@/u);
      const setting = { name: ALERTS_SETTING, value: '{}', by: member('olga') };
      const wrong = await desk.run('setting.put', setting);
      assert.deepEqual(wrong, { ok: false, reason: 'wrong-name' });
    });
  });
}
