import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Cluster, runCommand } from '../cluster.ts';
import type { History } from './history.ts';

interface StoredReport {
  readonly code: string;
  readonly match: string;
  readonly by: string;
  readonly of: string;
}

interface StoredSanction {
  readonly subject: string;
  readonly atMs: number;
}

const REPORTS = 'select "code", "match", "by", "of" from "reports"';
const SANCTIONS = 'select "subject", min("at_ms") as "atMs" from "sanctions" group by 1';
const NOT_SUSPENDED = `select distinct "of" from "reports"
  where not exists (select 1 from "sanctions" where "subject" = "of")`;

const NAME = 'chaos';

/** Suspends reported users on the command line while the cluster fails. */
export class Moderator {
  readonly #cluster: Cluster;

  private constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  static async add(cluster: Cluster): Promise<Moderator> {
    await runCommand(cluster.operatorEnv, 'user', 'add', NAME, '--role', 'moderator');
    return new Moderator(cluster);
  }

  /** Suspends a reported user. Does nothing if nobody was reported or the store is away. */
  async suspendSomebody(): Promise<void> {
    const { operatorEnv } = this.#cluster;
    const how = ['--reason', 'scam-or-spam', '--as', NAME];
    try {
      const [reported] = await rowsOf<{ readonly of: string }>(this.#cluster, NOT_SUSPENDED);
      if (reported === undefined) return;
      await runCommand(operatorEnv, 'sanction', 'add', reported.of, 'suspend-7d', ...how);
    } catch (error) {
      console.error(`No user was suspended: ${String(error)}`);
    }
  }
}

/** Adds what the store has of reports and suspensions to a history. */
export async function readStore(cluster: Cluster, history: History): Promise<void> {
  const at = history.nowMs;
  const reports = await rowsOf<StoredReport>(cluster, REPORTS);
  for (const { code, match, by } of reports) history.add({ at, event: 'row', code, match, by });
  const accused = accusedBySubject(history, reports);
  for (const { subject, atMs } of await rowsOf<StoredSanction>(cluster, SANCTIONS)) {
    const person = accused.get(subject);
    if (person === undefined) continue;
    history.add({ at: history.atOfDate(atMs), event: 'suspended', person });
  }
}

/** Finds out which user a subject of the store is, from the reports about that user. */
function accusedBySubject(
  { events }: History,
  reports: readonly StoredReport[],
): ReadonlyMap<string, string> {
  const reporters = new Map<string, string>();
  const people = new Map<string, Set<string>>();
  for (const event of events) {
    if (event.event === 'reported') reporters.set(event.code, event.person);
    if (event.event !== 'met') continue;
    people.set(event.match, (people.get(event.match) ?? new Set()).add(event.person));
  }
  const subjects = new Map<string, string>();
  for (const { code, match, of } of reports) {
    const reporter = reporters.get(code);
    const accused = [...(people.get(match) ?? [])].find((person) => person !== reporter);
    if (reporter !== undefined && accused !== undefined) subjects.set(of, accused);
  }
  return subjects;
}

async function rowsOf<Row>({ postgres, databaseUrl }: Cluster, query: string): Promise<Row[]> {
  const { stdout } = await promisify(execFile)(
    join(postgres.programs, 'psql'),
    [databaseUrl, '-At', '-c', `select coalesce(json_agg(t), '[]') from (${query}) t`],
    { maxBuffer: 1e9 },
  );
  return JSON.parse(stdout) as Row[];
}
