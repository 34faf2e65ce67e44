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

const REPORTS = 'select "code", "match", "by", "of" from "reports"';
const NOT_SUSPENDED = `select distinct "of" from "reports"
  where not exists (select 1 from "sanctions" where "subject" = "of")`;

const NAME = 'chaos';
const ADDED_WITHIN_MS = 60_000;

/** Suspends reported users on the command line while the cluster fails. */
export class Moderator {
  readonly #cluster: Cluster;
  readonly #history: History;
  /** Suspended subjects, with the time of the run at which the command had ended. */
  readonly #suspended = new Map<string, number>();

  private constructor(cluster: Cluster, history: History) {
    this.#cluster = cluster;
    this.#history = history;
  }

  static async add(cluster: Cluster, history: History): Promise<Moderator> {
    const untilMs = performance.now() + ADDED_WITHIN_MS;
    for (;;) {
      try {
        await runCommand(cluster.operatorEnv, 'user', 'add', NAME, '--role', 'moderator');
        return new Moderator(cluster, history);
      } catch (error) {
        // On a busy machine, the store may not answer within its limits.
        if (performance.now() >= untilMs) throw error;
      }
    }
  }

  /** Suspends a reported user. Does nothing if nobody was reported or the store is away. */
  async suspendSomebody(): Promise<void> {
    const { operatorEnv } = this.#cluster;
    const how = ['--reason', 'scam-or-spam', '--as', NAME];
    try {
      const [reported] = await rowsOf<{ readonly of: string }>(this.#cluster, NOT_SUSPENDED);
      if (reported === undefined) return;
      await runCommand(operatorEnv, 'sanction', 'add', reported.of, 'suspend-7d', ...how);
      // The command ends after the commit, from which the promise counts.
      this.#suspended.set(reported.of, this.#history.nowMs);
    } catch (error) {
      console.error(`No user was suspended: ${String(error)}`);
    }
  }

  /** Adds the suspensions, and what the store has of reports, to the history. */
  async readStore(): Promise<void> {
    const history = this.#history;
    const at = history.nowMs;
    const reports = await rowsOf<StoredReport>(this.#cluster, REPORTS);
    for (const { code, match, by } of reports) history.add({ at, event: 'row', code, match, by });
    const accused = accusedBySubject(history, reports);
    for (const [subject, suspendedAt] of this.#suspended) {
      const person = accused.get(subject);
      if (person !== undefined) history.add({ at: suspendedAt, event: 'suspended', person });
    }
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

/** Reads rows of the store as JSON. */
export async function rowsOf<Row>(
  { postgres, databaseUrl }: Cluster,
  query: string,
): Promise<Row[]> {
  const { stdout } = await promisify(execFile)(
    join(postgres.programs, 'psql'),
    [databaseUrl, '-At', '-c', `select coalesce(json_agg(t), '[]') from (${query}) t`],
    { maxBuffer: 1e9 },
  );
  return JSON.parse(stdout) as Row[];
}
