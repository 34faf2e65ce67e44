import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '@farandole/e2e/http';
import { noteBackup } from '../src/cli/last-backup.ts';
import { HOST_READ_EVERY_MS, RELAY_ESTIMATED_EVERY_MS } from '../src/limits.ts';
import { HostWatch } from '../src/observe/host-watch.ts';
import { Metrics } from '../src/observe/metrics.ts';
import type { NodeFacts } from '../src/observe/node-facts.ts';
import { RelayEstimate } from '../src/observe/relay-estimate.ts';
import { CheckpointKeeper } from '../src/store/audit-checkpoint.ts';
import { VERSION } from '../src/version.ts';
import { startTestServer, temporaryFolder } from './support/test-server.ts';

const BACKUP_MS = Date.UTC(2026, 0, 2);
const TURN = 'turn:turn.example.org:3478';

const FACTS: NodeFacts = {
  build: { version: '1.2.3', node: '24.0.0' },
  people: { online: 3, detached: 1 },
  calls: [
    { mode: 'video', route: 'relay', calls: 5 },
    { mode: 'text', route: 'unknown', calls: 2 },
  ],
  waiting: null,
  backlog: {
    queues: {
      normal: { open: 9, late: 4, pinnedLate: 2 },
      'child-safety': { open: 3, late: 1, pinnedLate: 1 },
    },
    appeals: 7,
    unopenable: 3,
  },
  store: { isFailing: true, reportsWaiting: 8 },
  disk: { freeBytes: 250, sizeBytes: 1_000 },
  lastBackupAtMs: BACKUP_MS,
  isAuditBroken: true,
  isClockDoubtful: true,
  relay: {
    servers: [{ url: TURN, isReachable: true }],
    credentialsIssued: 6,
    bytesEstimated: 1_250,
  },
};

/** Returns the value of each series whose name begins with `farandole_`. */
function seriesOf(text: string): ReadonlyMap<string, number> {
  const lines = text.matchAll(/^(farandole_\w+(?:\{[^}]*\})?) (\S+)$/gm);
  return new Map(Array.from(lines, ([, name = '', value]) => [name, Number(value)]));
}

async function gaugesOf(facts: NodeFacts): Promise<ReadonlyMap<string, number>> {
  const metrics = new Metrics();
  metrics.addFacts(() => facts);
  return seriesOf((await metrics.expose()).text);
}

test('exposes each fact as a metric', async () => {
  const expected = {
    'farandole_build_info{version="1.2.3",node="24.0.0"}': 1,
    'farandole_calls_by_route{mode="video",route="relay"}': 5,
    'farandole_calls_by_route{mode="video",route="direct"}': 0,
    'farandole_calls_by_route{mode="text",route="unknown"}': 2,
    'farandole_cases_open{queue="normal"}': 9,
    'farandole_cases_open{queue="child-safety"}': 3,
    'farandole_cases_late{queue="normal"}': 4,
    'farandole_cases_late{queue="child-safety"}': 1,
    'farandole_cases_pinned_late{queue="normal"}': 2,
    'farandole_cases_pinned_late{queue="child-safety"}': 1,
    farandole_cases_unopenable: 3,
    farandole_appeals_waiting: 7,
    farandole_store_failing: 1,
    farandole_reports_waiting: 8,
    farandole_disk_free_bytes: 250,
    farandole_disk_free_ratio: 0.25,
    farandole_last_backup_timestamp_seconds: BACKUP_MS / 1_000,
    farandole_audit_broken: 1,
    farandole_clock_doubtful: 1,
    [`farandole_relay_reachable{url="${TURN}"}`]: 1,
    farandole_relay_credentials_total: 6,
    farandole_relay_estimated_bytes_total: 1_250,
  };
  const seen = await gaugesOf(FACTS);
  for (const [name, value] of Object.entries(expected)) assert.equal(seen.get(name), value, name);
});

test('drops a relay’s series that no longer exists, and admits an unknown disk', async () => {
  const relay = { ...FACTS.relay, servers: [] };
  const seen = await gaugesOf({ ...FACTS, relay, disk: null });
  assert.ok(![...seen.keys()].some((name) => name.startsWith('farandole_relay_reachable')));
  assert.ok(Number.isNaN(seen.get('farandole_disk_free_bytes')));
});

test('exposes every metric of the facts with 0 on a new server', async (t) => {
  const env = {
    FARANDOLE_METRICS_PORT: '0',
    FARANDOLE_TURN_URLS: 'turn:127.0.0.1:9?transport=tcp',
    FARANDOLE_TURN_SECRET: 'a-secret-of-this-test-alone',
    FARANDOLE_RELAY: 'fallback',
  };
  const { metricsPort } = await startTestServer(t, { env });
  const { text } = await ask({ port: metricsPort ?? 0, path: '/metrics' });
  const seen = seriesOf(text());
  const not0 = {
    [`farandole_build_info{version="${VERSION}",node="${process.versions.node}"}`]: 1,
    farandole_disk_free_bytes: null,
    farandole_disk_free_ratio: null,
  };
  const names = [...(await gaugesOf(FACTS)).keys()].filter(
    (name) => !/build_info|turn:/.test(name),
  );
  names.push('farandole_relay_reachable{url="turn:127.0.0.1:9?transport=tcp"}');
  for (const name of names) if (!(name in not0)) assert.equal(seen.get(name), 0, name);
  for (const [name, value] of Object.entries(not0)) {
    const found = seen.get(name) ?? Number.NaN;
    if (value === null) assert.ok(found > 0, `${name} ${found}`);
    else assert.equal(found, value);
  }
});

test('reads disk and last backup at most once in the period', async (t) => {
  const folder = await temporaryFolder(t);
  const host = new HostWatch(folder);
  await host.tick(0);
  assert.ok((host.disk?.freeBytes ?? 0) > 0 && (host.disk?.sizeBytes ?? 0) > 0);
  assert.equal(host.lastBackupAtMs, null);
  await noteBackup(folder, { madeAt: new Date(BACKUP_MS).toISOString(), digest: 'a digest' });
  await host.tick(HOST_READ_EVERY_MS - 1);
  assert.equal(host.lastBackupAtMs, null);
  await host.tick(HOST_READ_EVERY_MS);
  assert.equal(host.lastBackupAtMs, BACKUP_MS);
  const nowhere = new HostWatch(`${folder}/nowhere`);
  await nowhere.tick(0);
  assert.deepEqual([nowhere.disk, nowhere.lastBackupAtMs], [null, null]);
});

test('estimates relayed bytes of relayed video calls only', () => {
  let calls: NodeFacts['calls'] = FACTS.calls;
  const estimate = new RelayEstimate(() => calls, null);
  const capped = new RelayEstimate(() => calls, 500);
  for (const ms of [0, 2_000]) capped.tick(ms);
  assert.equal(capped.bytes, 5 * 2 * 125_000);
  estimate.tick(0);
  estimate.tick(RELAY_ESTIMATED_EVERY_MS - 1);
  assert.equal(estimate.bytes, 0);
  estimate.tick(2_000);
  assert.equal(estimate.bytes, 5 * 2 * 250_000);
  calls = [{ mode: 'video', route: 'direct', calls: 5 }];
  estimate.tick(60_000);
  assert.equal(estimate.bytes, 5 * 2 * 250_000);
});

test('finds the audit broken once it doesn’t continue its checkpoint', async (t) => {
  const checkpoint = { seq: 1, hash: 'a'.repeat(64), seal: 'a-seal' };
  let answer: typeof checkpoint | null = null;
  const run = (async () => await Promise.resolve(answer)) as never;
  const keeper = await CheckpointKeeper.open(await temporaryFolder(t), { run });
  await keeper.keep();
  assert.equal(keeper.isBroken, false, 'a new audit has no checkpoint');
  answer = checkpoint;
  await keeper.keep();
  assert.equal(keeper.isBroken, false);
  answer = null;
  await keeper.keep();
  assert.equal(keeper.isBroken, true);
});
