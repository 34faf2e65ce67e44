import assert from 'node:assert/strict';
import type { ConsoleSessionId, MemberId } from '@farandole/accounts/ids';
import type { Role } from '@farandole/accounts/roles';
import { brandId } from '@farandole/kernel/id';
import { refused } from '@farandole/kernel/result';
import type { CaseId } from '@farandole/moderation/ids';
import type { CommandName } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { ServerPage } from '@farandole/protocol/console-api';
import { reportFrom } from '@farandole/storage/test/desk';
import { memoryStore } from '@farandole/storage/test/memory-store';
import { createConsoleApi } from '../../src/console/console-api.ts';
import { LiveFeed } from '../../src/console/live-feed.ts';
import type { PictureVault } from '../../src/evidence/picture-vault.ts';
import { LIVE_POLL_EVERY_MS } from '../../src/limits.ts';

const START_MS = 1_800_000_000_000;

export const SERVER_PAGE: ServerPage = {
  build: { version: '0.2.0', node: '24.1.0' },
  ...{ startedAtMs: START_MS, nowMs: START_MS, nodes: 1, calls: [], waiting: [] },
  people: { online: 3, detached: 0 },
  matches: { count: 0, medianMs: null },
  relay: { servers: [], bytesEstimated: 0 },
  ...{ disk: null, lastBackupAtMs: null, isBackupOld: true },
  store: { isFailing: false, reportsWaiting: 0 },
  ...{ isAuditBroken: false, isClockDoubtful: false },
  backlog: { open: 0, late: 0, appeals: 0, unopenable: 0 },
};

/** A console API with a simulated clock. A header of each request names the member. */
export class ConsoleDesk {
  readonly store = memoryStore();
  readonly revoked = new Set<string>();
  readonly failed: unknown[] = [];
  readonly asked: CommandName[] = [];
  readonly live: LiveFeed;
  opened: Awaited<ReturnType<PictureVault['open']>> = refused('key-missing');
  readonly vault = { open: async () => await Promise.resolve(this.opened) };
  readonly #api: ReturnType<typeof createConsoleApi>;
  readonly #members = new Map<string, { id: MemberId; name: string; roles: readonly Role[] }>();
  nowMs = START_MS;
  rulesRead = 0;
  hoursRead = 0;
  decided = 0;
  tests = 0;
  #fresh = 0;

  constructor() {
    const authenticate = async (request: Request) => {
      const name = request.headers.get('x-member') ?? '';
      const member = this.#members.get(name);
      if (member === undefined || this.revoked.has(name)) return undefined;
      return { member, sessionId: brandId<ConsoleSessionId>(`session-of-${name}`) };
    };
    const { store } = this;
    const counting: Pick<ModerationStore, 'run'> = {
      run: (name, input) => {
        this.asked.push(name);
        return store.run(name, input);
      },
    };
    const onFailed = (error: unknown) => void this.failed.push(error);
    this.live = new LiveFeed({ store: counting, authenticate, onFailed });
    this.#api = createConsoleApi({
      store,
      clock: { monotonicMs: () => this.nowMs, wallMs: () => this.nowMs },
      freshId: () => `fresh-${++this.#fresh}`.padEnd(12, '-'),
      authenticate,
      live: this.live,
      checkpoints: { known: null },
      house: { readRules: async () => void (this.rulesRead += 1) },
      communities: { read: async () => {} },
      communityCodeId: (name, code) => `${name}-${code}`,
      hours: {
        modes: ['video', 'text'],
        peaks: () => [{ hourOfWeek: 20, people: 7 }],
        read: async () => void (this.hoursRead += 1),
      },
      alerts: {
        channels: ['webhook', 'mail'],
        test: async ({ rota }) => {
          this.tests += 1;
          return rota.map(({ mail: to }) => ({ channel: 'mail', to, problem: null }));
        },
      },
      serverPage: () => SERVER_PAGE,
      picturesPerShift: 100,
      service: 'A house, "ours"',
      handOver: { hotline: 'A hotline', authority: null },
      onDecided: () => void (this.decided += 1),
      vault: this.vault,
    });
  }

  async hire(name: string, ...roles: Role[]): Promise<void> {
    const id = brandId<MemberId>(`member-${name}`);
    this.#members.set(name, { id, name, roles });
    const added = await this.store.run('member.add', {
      id,
      name,
      roles,
      by: null,
      nowMs: this.nowMs,
    });
    assert.ok(added.ok);
  }

  async report(n: number, of = 'mallory'): Promise<CaseId> {
    const change = { of, note: 'rude', said: ['hello'], evidence: 'verified' } as const;
    const input = reportFrom(n, { ...change, atMs: this.nowMs });
    return (await this.store.run('report.take', input)).case;
  }

  async get(name: string, path: string): Promise<Response> {
    return await this.#api.request(`/${path}`, { headers: { 'x-member': name } });
  }

  async post(name: string, path: string, body: unknown): Promise<Response> {
    return await this.send(name, path, JSON.stringify(body));
  }

  async send(name: string, path: string, body: string, type = 'application/json') {
    const headers = { 'x-member': name, 'Content-Type': type };
    return await this.#api.request(`/${path}`, { method: 'POST', headers, body });
  }

  /** Runs one poll of the live feed and waits for its effects. */
  async look(): Promise<void> {
    this.nowMs += LIVE_POLL_EVERY_MS;
    this.live.tick({ monotonicMs: this.nowMs, wallMs: this.nowMs });
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  }
}

export async function errorOf(response: Response): Promise<readonly [number, string]> {
  const { error, detail } = (await response.json()) as { error: string; detail: string };
  assert.ok(detail.length > 0);
  return [response.status, error];
}
