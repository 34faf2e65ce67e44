import { CALL_ROUTES } from '@farandole/gateway/sizes';
import { QUEUES } from '@farandole/moderation/reports/queue-name';
import type { QueueBacklog } from '@farandole/moderation/service/backlog';
import { MODES } from '@farandole/protocol/fields';
import type { NodeFacts } from './node-facts.ts';

/** The labels and the value of one series of a metric. */
type Series = readonly [labels: Readonly<Record<string, string>>, value: number];

interface FactMetric {
  readonly type: 'gauge' | 'counter';
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly read: (facts: NodeFacts) => readonly Series[];
}

function gauge(name: string, help: string, read: (facts: NodeFacts) => number): FactMetric {
  return { type: 'gauge', name, help, labelNames: [], read: (facts) => [[{}, read(facts)]] };
}

function counter(name: string, help: string, read: (facts: NodeFacts) => number): FactMetric {
  return { ...gauge(name, help, read), type: 'counter' };
}

function labelled(
  name: string,
  help: string,
  labelNames: readonly string[],
  read: FactMetric['read'],
): FactMetric {
  return { type: 'gauge', name, help, labelNames, read };
}

function ofQueues(name: string, help: string, count: keyof QueueBacklog): FactMetric {
  return labelled(name, help, ['queue'], ({ backlog }) =>
    QUEUES.map((queue) => [{ queue }, backlog.queues[queue][count]]),
  );
}

/**
 * A metric for each fact. Each series exists from the first scrape, with 0 while it counts nothing.
 */
export const FACT_METRICS: readonly FactMetric[] = [
  labelled(
    'farandole_build_info',
    'Always 1. The labels are the versions of the server and of Node.js.',
    ['version', 'node'],
    ({ build: { version, node } }) => [[{ version, node }, 1]],
  ),
  labelled(
    'farandole_calls_by_route',
    'Current calls by mode, and by the route of the media: direct, relay, or unknown.',
    ['mode', 'route'],
    ({ calls }) => [
      ...MODES.flatMap((mode) => CALL_ROUTES.map((route): Series => [{ mode, route }, 0])),
      ...calls.map(({ mode, route, calls: count }): Series => [{ mode, route }, count]),
    ],
  ),
  ofQueues(
    'farandole_cases_open',
    'Undecided cases that wait for a moderator or are assigned to one, by queue.',
    'open',
  ),
  ofQueues('farandole_cases_late', 'Undecided cases after their deadline, by queue.', 'late'),
  ofQueues(
    'farandole_cases_pinned_late',
    'Pinned cases after their deadline, by queue.',
    'pinnedLate',
  ),
  gauge(
    'farandole_cases_unopenable',
    'Open cases that may involve a minor, while no member has the role to open them.',
    ({ backlog }) => backlog.unopenable,
  ),
  gauge(
    'farandole_appeals_waiting',
    'Appeals that wait for an answer.',
    ({ backlog }) => backlog.appeals,
  ),
  gauge(
    'farandole_store_failing',
    'Whether the store fails or doesn’t answer (1) or works (0).',
    ({ store }) => (store.isFailing ? 1 : 0),
  ),
  gauge(
    'farandole_reports_waiting',
    'Reports that the store hasn’t taken yet.',
    ({ store }) => store.reportsWaiting,
  ),
  gauge(
    'farandole_disk_free_bytes',
    'Space that the server may still use on the disk of its data folder.',
    ({ disk }) => disk?.freeBytes ?? Number.NaN,
  ),
  gauge(
    'farandole_disk_free_ratio',
    'Share of the disk of the data folder that is free, from 0 to 1.',
    ({ disk }) => (disk === null ? Number.NaN : disk.freeBytes / disk.sizeBytes),
  ),
  gauge(
    'farandole_last_backup_timestamp_seconds',
    'Date of the last backup of the data folder in Unix time; 0 if there is none.',
    ({ lastBackupAtMs }) => (lastBackupAtMs ?? 0) / 1_000,
  ),
  gauge(
    'farandole_audit_broken',
    'Whether the audit no longer continues its checkpoint, so rows were changed (1) or not (0).',
    ({ isAuditBroken }) => (isAuditBroken ? 1 : 0),
  ),
  gauge(
    'farandole_clock_doubtful',
    'Whether the machine’s date jumped, so that the server ignores it (1) or not (0).',
    ({ isClockDoubtful }) => (isClockDoubtful ? 1 : 0),
  ),
  labelled(
    'farandole_relay_reachable',
    'Whether the last allocation on a TURN server succeeded (1) or not (0). Absent without a relay.',
    ['url'],
    ({ relay }) => relay.servers.map(({ url, isReachable }) => [{ url }, isReachable ? 1 : 0]),
  ),
  counter(
    'farandole_relay_credentials_total',
    'Credentials for the relay that users got.',
    ({ relay }) => relay.credentialsIssued,
  ),
  counter(
    'farandole_relay_estimated_bytes_total',
    'Bytes that the relay passed on, estimated as at most 1 Mb/s for each user of a relayed video call.',
    ({ relay }) => relay.bytesEstimated,
  ),
];
