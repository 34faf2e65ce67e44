import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '@farandole/e2e/process';
import { CanaryPair, inCanaryFigures } from '../load/canary.ts';
import { type Contender, startContender } from '../load/contender.ts';
import type { Pace } from '../load/even-pace.ts';
import { type GeneratorLoad, generatorInWords, worstOf } from '../load/generator.ts';
import { endAll, LoadFleet } from '../load/load-fleet.ts';
import type { BenchOptions } from '../options.ts';
import { compare, inFigures, inLines, type Ratio, ratioInWords, ratioOf } from '../result.ts';
import { median, quantile } from '../statistics.ts';
import { type FileUse, traceDisk } from '../store/disk-trace.ts';

const REPORTS_PER_S = 200;
const ROUND_MS = 3_000;
const REPORTS_A_ROUND = (REPORTS_PER_S * ROUND_MS) / 1_000;
const ROUNDS_BY_DEFAULT = 5;
/** Rounds besides the counted ones: the first one compiles the code, the last one is traced. */
const OTHER_ROUNDS = 2;
const CANARIES = 16;
const SLOWER_AT_MOST = 4;

interface Side {
  readonly name: 'here' | 'there';
  readonly contender: Contender;
  readonly canaries: readonly CanaryPair[];
  readonly acknowledgedMs: { readonly median: number; readonly p99: number }[];
  readonly lineMs: number[];
}

interface Disk {
  readonly flushesPerReport: number;
  readonly files: Readonly<Record<string, FileUse>>;
}

/**
 * Measures what a report costs until the reporter has the acknowledgement, at 200 reports a second:
 * its time compared with a bare SQLite commit, the round trip of chat lines, and the files that the
 * server flushes. With `--server DIR`, the server of another checkout takes turns with this one's.
 *
 * Reports and bare commits come at the same even pace, and each is timed from when it was due. They
 * take turns of `ROUND_MS`, because the speed of a disk changes within minutes.
 */
export async function report(options: BenchOptions): Promise<Record<string, unknown>> {
  const rounds = options.rounds ?? ROUNDS_BY_DEFAULT;
  const folder = await mkdtemp(join(tmpdir(), 'farandole-bench-report-'));
  const fleet = new LoadFleet();
  const program = join(import.meta.dirname, '..', 'store', 'bare-commits.ts');
  const bare = fork(program, [join(folder, 'bare.sqlite')]);
  const sides: Side[] = [];
  const generators: GeneratorLoad[] = [];
  try {
    await once(bare, 'message');
    sides.push(await startSide('here', ROOT, fleet, rounds));
    if (options.server !== null)
      sides.push(await startSide('there', options.server, fleet, rounds));
    const bareMs: number[] = [];
    // The first round isn't counted, because it compiles the code.
    for (let round = -1; round < rounds; round++) {
      for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
        generators.push(...(await reportsOf(side, fleet, rounds, round >= 0)));
      }
      bare.send({ perS: REPORTS_PER_S, count: REPORTS_A_ROUND } satisfies Pace);
      const [timesMs] = (await once(bare, 'message')) as [number[]];
      if (round >= 0) bareMs.push(quantile(timesMs, 0.99));
    }
    const disk: Record<string, Disk> = {};
    for (const side of sides) disk[side.name] = await diskOf(side, fleet, rounds, folder);
    for (const { canaries } of sides) for (const canary of canaries) await canary.leave();
    return { ...resultOf(sides, bareMs, disk, rounds), generator: printed(worstOf(generators)) };
  } finally {
    await fleet.stop();
    await endAll([bare]);
    for (const { contender } of sides) await contender.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function startSide(
  name: Side['name'],
  root: string,
  fleet: LoadFleet,
  rounds: number,
): Promise<Side> {
  const contender = await startContender('ours', false, {}, root);
  await fleet.add(name, 'ours', contender.port, (rounds + OTHER_ROUNDS) * REPORTS_A_ROUND);
  await fleet.order(name, { do: 'arrive' });
  const canaries = await CanaryPair.startAll(contender.port, CANARIES);
  return { name, contender, canaries, acknowledgedMs: [], lineMs: [] };
}

/** Sends a round of reports while the canaries chat. */
async function reportsOf(
  { name, canaries, acknowledgedMs, lineMs }: Side,
  fleet: LoadFleet,
  rounds: number,
  isCounted: boolean,
): Promise<readonly GeneratorLoad[]> {
  await CanaryPair.takeAll(canaries);
  const reported = await sendReports(name, fleet, rounds);
  const lines = await CanaryPair.takeAll(canaries);
  if (!isCounted) return [];
  const { timesMs } = reported;
  acknowledgedMs.push({ median: median(timesMs), p99: quantile(timesMs, 0.99) });
  lineMs.push(inCanaryFigures(lines).medianMs);
  return [reported.generator, ...lines.map(({ generator }) => generator)];
}

async function sendReports(name: Side['name'], fleet: LoadFleet, rounds: number) {
  const part = 1 / (rounds + OTHER_ROUNDS);
  const reported = await fleet.order(name, { do: 'report', part, durationMs: ROUND_MS });
  if (reported.delivered === reported.planned) return reported;
  throw new Error(`${reported.delivered} of ${reported.planned} reports were acknowledged`);
}

async function diskOf(
  { name, contender }: Side,
  fleet: LoadFleet,
  rounds: number,
  folder: string,
): Promise<Disk> {
  let reports = 0;
  const traced = { pid: contender.pid, folder: contender.dataDir, output: join(folder, name) };
  const uses = await traceDisk(traced, async () => {
    reports = (await sendReports(name, fleet, rounds)).delivered;
  });
  const flushes = [...uses.values()].reduce((sum, use) => sum + use.flushes, 0);
  return { flushesPerReport: flushes / reports, files: Object.fromEntries(uses) };
}

function resultOf(
  sides: readonly Side[],
  bareMs: readonly number[],
  disk: Readonly<Record<string, Disk>>,
  rounds: number,
): Record<string, unknown> {
  const [here, there] = sides;
  const p99Of = (side: Side | undefined) => side?.acknowledgedMs.map(({ p99 }) => p99) ?? [];
  const samples = { ours: p99Of(here), 'bare-commit': bareMs };
  const acknowledged = compare('ms', samples, { 'bare-commit': SLOWER_AT_MOST });
  console.log(inLines(`report: p99 at ${REPORTS_PER_S} a second`, acknowledged).join('\n'));
  for (const { name, acknowledgedMs, lineMs } of sides) {
    const inRow = acknowledgedMs.map((one) => `${inFigures(one.median)}/${inFigures(one.p99)}`);
    console.log(`    ${name}: acknowledged, median/p99 of each round in ms: ${inRow.join(' ')}`);
    console.log(`    ${name}: a chat line meanwhile, median in ms: ${inFigures(median(lineMs))}`);
  }
  for (const [name, { flushesPerReport, files }] of Object.entries(disk)) {
    console.log(`    ${name}: ${inFigures(flushesPerReport)} flushes a report; by file:`);
    for (const [file, { flushes, writes }] of Object.entries(files)) {
      console.log(`        ${file}: ${flushes} flushes, ${writes} writes`);
    }
  }
  const against: Record<string, Ratio> = {};
  if (here !== undefined && there !== undefined) {
    against['line'] = ratioOf(here.lineMs, there.lineMs);
    against['acknowledged'] = ratioOf(p99Of(here), p99Of(there));
    for (const [name, ratio] of Object.entries(against)) {
      console.log(`    here against there, ${name}: ${ratioInWords(ratio)}`);
    }
  }
  return { scenario: 'report', rounds, reports: REPORTS_A_ROUND, acknowledged, disk, against };
}

function printed(generator: ReturnType<typeof worstOf>): ReturnType<typeof worstOf> {
  console.log(`    ${generatorInWords(generator)}`);
  console.log(`    servers, load and bare commits share ${availableParallelism()} cores`);
  return generator;
}
