import { parseArgs } from 'node:util';
import { BUN_COMMAND } from '@farandole/e2e/bun';
import { curvesChart } from '../curves.ts';
import { endProgramsWithUs } from '../interruption.ts';
import { judge as judgeFigures } from '../judgement.ts';
import { FREED_MS_AT_MOST, freedFigures, freedInWords } from '../load/freed-times.ts';
import { generatorInWords } from '../load/generator.ts';
import { inFigures } from '../result.ts';
import { writeResult } from '../result-file.ts';
import type { Slope } from '../statistics.ts';
import { type SoakOptions, type SoakOutcome, soak } from './run.ts';
import {
  judge,
  type MemorySlope,
  type SoakSample,
  type SoakVerdict,
  WARM_UP_SHARE,
} from './verdict.ts';

const MINUTES_BY_DEFAULT = 30;
const MINUTES_MAX = 24 * 60;
/** Fits the limit of open files of the node and of each load process. */
const SOCKETS_MAX = 15_000;
const KIB_A_MIB = 1_024;

export async function soakCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    console.error(
      `${options}\nUsage: npm run soak -- --minutes ${MINUTES_BY_DEFAULT} [--runtime bun] [--sockets N]`,
    );
    return 1;
  }
  const { minutes, runtime, sockets } = options;
  endProgramsWithUs();
  const on = `on ${runtime === 'bun' ? 'Bun' : 'Node'}`;
  console.log(`Soaking one node ${on} for ${minutes} min; its level without load comes first.`);
  const outcome = await soak(options, (text) => console.log(text));
  const verdict = judge(outcome.record);
  console.log(`\n${table(minutes, outcome, verdict)}\n`);
  const picture = await writeResult('soak.svg', draw(minutes, outcome, verdict));
  const figures = judgeFigures({
    minutes,
    runtime,
    sockets,
    ...resultOf(outcome, verdict),
    picture,
  });
  const result = { ...figures.result, unreached: figures.unreached };
  const { samples } = outcome.record;
  const data = await writeResult(
    'soak.json',
    `${JSON.stringify({ ...result, samples }, null, 1)}\n`,
  );
  console.log(`The curves are in ${picture}, the samples in ${data}.`);
  for (const reason of verdict.reasons) console.error(`It did not hold: ${reason}`);
  console.log(JSON.stringify({ ...result, data }));
  return verdict.reasons.length === 0 ? 0 : 1;
}

/** Reads the command line. Returns an error message as a string. */
export function readOptions(args: readonly string[]): SoakOptions | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        minutes: { type: 'string', default: String(MINUTES_BY_DEFAULT) },
        runtime: { type: 'string', default: 'node' },
        sockets: { type: 'string', default: '0' },
      },
    });
    const { runtime } = values;
    const minutes = Number(values.minutes);
    if (!(minutes > 0 && minutes <= MINUTES_MAX)) {
      return `"${values.minutes}" is not a number of minutes up to ${MINUTES_MAX}.`;
    }
    if (runtime !== 'node' && runtime !== 'bun') {
      return `"${runtime}" is not a runtime: give node or bun.`;
    }
    if (runtime === 'bun' && BUN_COMMAND === null) return 'npm installs no Bun for this machine.';
    const sockets = Number(values.sockets);
    if (!/^\d+$/.test(values.sockets) || sockets > SOCKETS_MAX) {
      return `"${values.sockets}" is not a number of sockets up to ${SOCKETS_MAX}.`;
    }
    return { minutes, runtime, sockets };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function resultOf(
  { record, crowd, delays, levels, generator }: SoakOutcome,
  verdict: SoakVerdict,
): Record<string, unknown> {
  const { counts } = crowd;
  const { lines } = record;
  const last = record.samples.at(-1);
  const { heap, resident, ...rest } = verdict;
  const [slopeLow, slopeHigh] = heap.kibPerMinute.interval95;
  return {
    held: verdict.reasons.length === 0,
    sessions: last?.sessions ?? 0,
    people: last?.people ?? 0,
    matches: record.matches,
    lines: lines.accepted,
    lost: lines.lost,
    doubled: lines.doubled,
    foreign: lines.foreign,
    streamFaults: record.streamFaults,
    resumes: counts.resumes,
    signals: counts.signals,
    reports: counts.reports,
    blocks: counts.blocks,
    keptOut: counts.keptOut,
    pages: counts.pages,
    nuisances: counts.nuisances,
    slopeKiBPerMinute: heap.kibPerMinute.median,
    slopeLow,
    slopeHigh,
    slopeAtMost: heap.atMostKibPerMinute,
    slopeKiBPer1000Sessions: heap.kibPer1000Sessions.median,
    residentSlopeKiBPerMinute: resident.kibPerMinute.median,
    residentSlopeLow: resident.kibPerMinute.interval95[0],
    residentSlopeHigh: resident.kibPerMinute.interval95[1],
    residentSlopeAtMost: resident.atMostKibPerMinute,
    residentSlopeKiBPer1000Sessions: resident.kibPer1000Sessions.median,
    ...rest,
    eventLoopDelay: delays,
    // The time to notify a peer is printed but not judged, because times are reliable only on a
    // quiet machine.
    freed: freedFigures(counts.freed.timesMs, FREED_MS_AT_MOST),
    generator,
    logLines: levels,
    unexpectedLogLines: record.log.unexpected,
  };
}

function table(
  minutes: number,
  { record, crowd, delays, levels, generator }: SoakOutcome,
  verdict: SoakVerdict,
): string {
  const { counts } = crowd;
  const { log, lines } = record;
  const last = record.samples.at(-1);
  const levelsInWords = Object.entries(levels).map(([level, count]) => `${count} ${level}`);
  const rows: readonly (readonly [string, string])[] = [
    [
      'load',
      `${minutes} min, ${last?.sessions ?? 0} sessions of ${last?.people ?? 0} people, ${record.matches} calls, ${counts.resumes} resumes`,
    ],
    [
      'beside',
      `${counts.signals} signals, ${counts.reports} reports, ${counts.blocks} blocks, ${counts.keptOut} kept out, ${counts.pages} page loads, ${counts.nuisances} nuisances`,
    ],
    [
      'lines',
      `${lines.accepted} at both ends; ${lines.lost} lost, ${lines.doubled} doubled, ${lines.foreign} foreign`,
    ],
    ['heap', memoryInWords(verdict.heap)],
    ['resident', memoryInWords(verdict.resident)],
    [
      'handles',
      `${verdict.handlesBefore} before the load, ${verdict.handlesAfter} after it; under it, beside WebSockets, ` +
        `${verdict.handlesUnderLoadAtStart} at first and ${verdict.handlesUnderLoadAtEnd} at last`,
    ],
    [
      'event loop',
      `p99 ${inFigures(verdict.eventLoopP99Ms)} ms, longest ${inFigures(verdict.eventLoopMaxMs)} ms; ` +
        `p99.9 after the warm-up ${inFigures(delays.p999Ms)} ms, ${inFigures(delays.ratio)} × that of an idle process`,
    ],
    ['freed', freedInWords(freedFigures(counts.freed.timesMs, FREED_MS_AT_MOST))],
    ['crowd', generatorInWords(generator)],
    ['log', `${levelsInWords.join(', ')}; ${log.unexpected} unexpected`],
    ['verdict', verdict.reasons.length === 0 ? 'held' : 'did not hold'],
  ];
  return rows.map(([name, text]) => `${name.padStart(12)}  ${text}`).join('\n');
}

function memoryInWords({
  kibPerMinute,
  kibPer1000Sessions,
  atMostKibPerMinute,
}: MemorySlope): string {
  return (
    `${slopeInWords(kibPerMinute)} KiB a minute (lower end at most ${atMostKibPerMinute.toFixed(0)}), ` +
    `${slopeInWords(kibPer1000Sessions)} KiB a thousand sessions`
  );
}

function slopeInWords({ median, interval95 }: Slope): string {
  return `${inFigures(median)} (${interval95.map(inFigures).join(' to ')})`;
}

function draw(minutes: number, { record }: SoakOutcome, verdict: SoakVerdict): string {
  const over = (
    pick: (sample: SoakSample) => number,
    samples = record.samples,
  ): (readonly [number, number])[] =>
    samples.map((sample) => [sample.elapsedMs / 60_000, pick(sample)]);
  const collected = record.samples.filter(({ isCollected }) => isCollected);
  const files = ({ holdings }: SoakSample): number =>
    Object.values(holdings.descriptors).reduce((sum, count) => sum + count, 0);
  return curvesChart(
    `A node under people for ${minutes} min: ${verdict.reasons.length === 0 ? 'it held' : 'it did not hold'}`,
    `${record.samples.at(-1)?.sessions ?? 0} sessions, ${record.lines.accepted} lines, ${record.lines.lost} lost. ` +
      `Heap ${slopeInWords(verdict.heap.kibPerMinute)} KiB a minute after the shaded warm-up.`,
    [
      {
        title: 'Heap in use, its garbage collected',
        unit: 'MiB',
        curves: [
          {
            name: 'heap',
            tone: 'accent',
            points: over(({ holdings }) => holdings.heapKib / KIB_A_MIB, collected),
          },
        ],
      },
      {
        title: 'Resident memory',
        unit: 'MiB',
        curves: [
          {
            name: 'resident',
            tone: 'spark',
            points: over(({ holdings }) => holdings.residentKib / KIB_A_MIB),
          },
        ],
      },
      {
        title: 'Load',
        unit: 'people',
        curves: [
          { name: 'online', tone: 'spark', points: over(({ gauges }) => gauges.online) },
          { name: 'in calls', tone: 'accent', points: over(({ gauges }) => 2 * gauges.calls) },
        ],
      },
      {
        title: 'Handles',
        unit: 'open files and sockets',
        curves: [
          { name: 'all', tone: 'spark', points: over(files) },
          {
            name: 'no WebSocket',
            tone: 'accent',
            points: over((sample) => files(sample) - sample.gauges.sockets),
          },
        ],
      },
      {
        title: 'Delay of the event loop',
        unit: 'ms',
        curves: [
          { name: 'p99', tone: 'accent', points: over(({ gauges }) => gauges.eventLoopP99Ms) },
        ],
      },
    ],
    minutes * WARM_UP_SHARE,
  );
}
