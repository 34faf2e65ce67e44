import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import {
  COMMUNITIES_MAX,
  COMMUNITY_CODE_LABEL_UNITS_MAX,
  COMMUNITY_CODE_MS_MAX,
  COMMUNITY_CODE_USES_MAX,
  COMMUNITY_CODES_MAX,
  COMMUNITY_DAYS_COUNTED,
  COMMUNITY_RULES_UNITS_MAX,
  COMMUNITY_TITLE_UNITS_MAX,
} from '@farandole/moderation/limits';
import type { Door } from '@farandole/moderation/settings/community';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { atDeskOf } from './support/at-desk.ts';
import { DAY_MS, type Desk, reportFrom } from './support/desk.ts';

const TEXT = { title: 'Night painters', language: 'en', rules: 'Be kind.', door: 'code' } as const;

const NAME = 'night-painters';

async function create(
  desk: Desk,
  by: MemberId,
  change: { name?: string; title?: string; language?: string; rules?: string; door?: Door } = {},
) {
  const input = { name: NAME, ...TEXT, ...change, by, nowMs: desk.nowMs };
  return await desk.store.run('community.create', input);
}

async function give(
  desk: Desk,
  by: MemberId,
  change: { ids?: readonly string[]; label?: string; usesMax?: number; lastsMs?: number } = {},
) {
  const { ids = ['code-0001'], label = '', usesMax = 2, lastsMs = DAY_MS } = change;
  return await desk.store.run('community.codes', {
    ...{ name: NAME, usesMax, by, nowMs: desk.nowMs },
    codes: ids.map((id) => ({ id, label })),
    expiresAtMs: desk.nowMs + lastsMs,
  });
}

async function enter(desk: Desk, device: string, code = 'code-0001'): Promise<string> {
  const input = { name: NAME, code, device, nowMs: desk.nowMs };
  const entered = await desk.store.run('community.enter', input);
  return entered.ok ? 'ok' : entered.reason;
}

async function list(desk: Desk, by: MemberId) {
  const listed = await desk.store.run('community.list', { by, nowMs: desk.nowMs });
  assert.ok(listed.ok);
  return listed.value;
}

const reasonOf = (result: { ok: boolean; reason?: string }): string =>
  result.ok ? 'ok' : (result.reason ?? '');

export function communitiesContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  describe(`members keep communities: ${adapter}`, () => {
    it('[MO-160] creates, changes and closes a community, and audits each', async (desk) => {
      const by = await desk.hire('rita', 'rules');
      assert.equal(reasonOf(await create(desk, by)), 'ok');
      assert.equal(reasonOf(await create(desk, by)), 'community-taken');
      const change = { name: NAME, ...TEXT, title: 'Painters', by, nowMs: desk.nowMs };
      const changed = await desk.store.run('community.change', { ...change, before: 1 });
      assert.ok(changed.ok && changed.value.version === 2);
      const late = await desk.store.run('community.change', { ...change, before: 1 });
      assert.equal(reasonOf(late), 'changed-meanwhile');
      const close = { name: NAME, by, nowMs: desk.nowMs };
      assert.equal(reasonOf(await desk.store.run('community.close', close)), 'ok');
      assert.equal(reasonOf(await desk.store.run('community.close', close)), 'unknown');
      assert.equal(reasonOf(await create(desk, by)), 'community-taken');
      const rows = await desk.store.run('audit.read', { by: null, after: 0 });
      assert.ok(rows.ok);
      const actions = rows.value.map(({ action }) => action);
      for (const action of ['community.create', 'community.change', 'community.close']) {
        assert.ok(actions.includes(action), action);
      }
    });

    it('[MO-161] accepts each limit of the texts and refuses one more', async (desk) => {
      const by = await desk.hire('rita', 'admin');
      const attempt = async (change: Parameters<typeof create>[2]): Promise<string> =>
        reasonOf(await create(desk, by, change));
      const title = 't'.repeat(COMMUNITY_TITLE_UNITS_MAX);
      const rules = 'r'.repeat(COMMUNITY_RULES_UNITS_MAX);
      assert.equal(await attempt({ name: 'at-the-limit', title, rules }), 'ok');
      assert.equal(await attempt({ name: 'x-1', title: `${title}t` }), 'community-title-wrong');
      assert.equal(await attempt({ name: 'x-1', title: ' ' }), 'community-title-wrong');
      assert.equal(await attempt({ name: 'x-1', rules: `${rules}r` }), 'community-rules-wrong');
      assert.equal(await attempt({ name: 'x-1', rules: 'a\u0000b' }), 'community-rules-wrong');
      for (const link of ['https://example.org', 'see www.example.org', 'HTTP:example']) {
        assert.equal(await attempt({ name: 'x-1', rules: link }), 'community-rules-link', link);
      }
      for (const name of ['ab', 'A-b', '-abc', 'abc-', 'a b c', 'n'.repeat(33)]) {
        assert.equal(await attempt({ name }), 'community-name-wrong', name);
      }
      assert.equal(await attempt({ name: 'x-1', language: 'x' }), 'malformed');
      assert.equal(await attempt({ name: 'x-1', door: 'window' as Door }), 'malformed');
    });

    it('[MO-161] keeps at most COMMUNITIES_MAX communities', async (desk) => {
      const by = await desk.hire('rita', 'rules');
      for (let at = 0; at < COMMUNITIES_MAX; at += 1) {
        assert.equal(reasonOf(await create(desk, by, { name: `painters-${at}` })), 'ok');
      }
      assert.equal(reasonOf(await create(desk, by)), 'too-many-of');
    });

    it('[MO-162] a code lets in at most usesMax browsers until it expires', async (desk) => {
      const by = await desk.hire('rita', 'rules');
      await create(desk, by);
      await give(desk, by, { usesMax: 2 });
      assert.equal(await enter(desk, 'device-1', 'code-guessed'), 'wrong-code');
      assert.deepEqual(
        [await enter(desk, 'device-1'), await enter(desk, 'device-2')],
        ['ok', 'ok'],
      );
      assert.equal(await enter(desk, 'device-3'), 'wrong-code');
      await give(desk, by, { ids: ['code-0002'], lastsMs: 1_000 });
      desk.nowMs += 1_000;
      assert.equal(await enter(desk, 'device-4', 'code-0002'), 'wrong-code');
    });

    it('[MO-162] gives the last use of a code to one of two browsers', async (desk) => {
      const by = await desk.hire('rita', 'rules');
      await create(desk, by);
      await give(desk, by, { usesMax: 1 });
      const entered = await Promise.all([enter(desk, 'device-1'), enter(desk, 'device-2')]);
      assert.deepEqual(entered.toSorted(), ['ok', 'wrong-code']);
    });

    it('[MO-163] a code of a list belongs to the first browser that uses it', async (desk) => {
      const by = await desk.hire('rita', 'rules');
      await create(desk, by, { door: 'list' });
      await give(desk, by, { usesMax: 50 });
      assert.deepEqual(
        [await enter(desk, 'device-1'), await enter(desk, 'device-1')],
        ['ok', 'ok'],
      );
      assert.equal(await enter(desk, 'device-2'), 'wrong-code');
      const [{ codes } = { codes: null }] = await list(desk, by);
      assert.deepEqual(
        codes?.map(({ uses, usesMax }) => [uses, usesMax]),
        [[1, 1]],
      );
    });

    it('[MO-162] refuses codes beyond each limit, and for an open link', async (desk) => {
      const by = await desk.hire('rita', 'rules');
      await create(desk, by);
      const label = 'l'.repeat(COMMUNITY_CODE_LABEL_UNITS_MAX);
      assert.equal(reasonOf(await give(desk, by, { label })), 'ok');
      assert.equal(reasonOf(await give(desk, by, { label: `${label}l` })), 'community-label-wrong');
      const full = { usesMax: COMMUNITY_CODE_USES_MAX, lastsMs: COMMUNITY_CODE_MS_MAX };
      assert.equal(reasonOf(await give(desk, by, { ids: ['code-0002'], ...full })), 'ok');
      for (const change of [
        { usesMax: COMMUNITY_CODE_USES_MAX + 1 },
        { usesMax: 0 },
        { lastsMs: COMMUNITY_CODE_MS_MAX + 1 },
        { lastsMs: 0 },
        { ids: [] },
      ]) {
        assert.equal(reasonOf(await give(desk, by, change)), 'malformed', JSON.stringify(change));
      }
      const ids = Array.from({ length: COMMUNITY_CODES_MAX - 2 }, (_, at) => `code-of-many-${at}`);
      assert.equal(reasonOf(await give(desk, by, { ids: [...ids, 'code-more'] })), 'too-many-of');
      assert.equal(reasonOf(await give(desk, by, { ids })), 'ok');
      assert.equal(reasonOf(await give(desk, by, { ids: ['code-more'] })), 'too-many-of');
    });

    it('[MO-164] refuses a revoked code and the codes of a closed community', async (desk) => {
      const by = await desk.hire('rita', 'rules');
      await create(desk, by);
      await give(desk, by, { ids: ['code-0001', 'code-0002'] });
      const revoke = { name: NAME, code: 'code-0001', by, nowMs: desk.nowMs };
      assert.equal(reasonOf(await desk.store.run('community.revoke', revoke)), 'ok');
      assert.equal(reasonOf(await desk.store.run('community.revoke', revoke)), 'unknown');
      assert.equal(await enter(desk, 'device-1'), 'wrong-code');
      await desk.store.run('community.close', { name: NAME, by, nowMs: desk.nowMs });
      assert.equal(await enter(desk, 'device-1', 'code-0002'), 'unknown');
      assert.equal(reasonOf(await give(desk, by)), 'unknown');
    });

    it('[MO-165] a node reads communities only after a change', async (desk) => {
      const by = await desk.hire('rita', 'rules');
      const before = await desk.store.run('community.doors', { unless: null });
      assert.deepEqual(before?.communities, []);
      await create(desk, by);
      await give(desk, by);
      const read = await desk.store.run('community.doors', { unless: before.version });
      assert.deepEqual(
        read?.communities.map(({ name, codes }) => [name, codes]),
        [[NAME, ['code-0001']]],
      );
      await enter(desk, 'device-1');
      assert.equal(await desk.store.run('community.doors', { unless: read.version }), null);
    });

    it('[MO-166] counts calls and reports of the last 30 days', async (desk) => {
      const by = await desk.hire('rita', 'rules');
      await create(desk, by);
      const count = async (calls: number): Promise<void> => {
        await desk.store.run('community.count', { calls: { [NAME]: calls }, nowMs: desk.nowMs });
      };
      assert.equal((await list(desk, by))[0]?.reportsPer100Calls, null);
      await count(40);
      const call = { mode: 'text', roles: { reporter: 'peer', reported: 'peer' } } as const;
      const report = reportFrom(1, { atMs: desk.nowMs });
      for (let sent = 0; sent < 2; sent += 1) {
        await desk.store.run('report.take', { ...report, call: { ...call, community: NAME } });
      }
      await desk.store.run('report.take', { ...reportFrom(2, { atMs: desk.nowMs }), call });
      const [first] = await list(desk, by);
      assert.deepEqual([first?.calls, first?.reports, first?.reportsPer100Calls], [40, 1, 2.5]);
      desk.nowMs += (COMMUNITY_DAYS_COUNTED - 1) * DAY_MS;
      await count(10);
      assert.equal((await list(desk, by))[0]?.calls, 50);
      desk.nowMs += DAY_MS;
      assert.deepEqual(
        [(await list(desk, by))[0]?.calls, (await list(desk, by))[0]?.reports],
        [10, 0],
      );
    });

    it('[MO-167] shows codes only to members who may edit rules', async (desk) => {
      const by = await desk.hire('rita', 'rules');
      await create(desk, by);
      await give(desk, by);
      const [seen] = await list(desk, await desk.hire('tom', 'triage'));
      assert.equal(seen?.codes, null);
      assert.equal((await list(desk, by))[0]?.codes?.length, 1);
    });

    it('[MO-160] refuses communities as ordinary settings', async (desk) => {
      const by = await desk.hire('ada', 'admin');
      await create(desk, by);
      for (const name of ['communities', `community.${NAME}`, `community-codes.${NAME}`]) {
        const put = await desk.store.run('setting.put', { name, value: '', by, nowMs: desk.nowMs });
        assert.equal(reasonOf(put), 'wrong-name', name);
      }
      assert.deepEqual(await desk.store.run('setting.list', null), []);
    });
  });
}
