/**
 * `npm run bench` runs a short round of every benchmark. `npm run bench -- NAME [--rounds N]
 * [--connections N] [--way direct|relay] [--server DIR | --runtime bun] [--judge]` runs one benchmark at full
 * size. With `--runtime bun` it measures the server on Bun. The last line of the output is JSON: one result, or all results under `scenarios`. With
 * `--judge` it exits with 1 if a figure misses its bound or there is no figure.
 */
import { parseArgs } from 'node:util';
import { BUN_COMMAND } from '@farandole/e2e/bun';
import { SCENARIOS } from './catalogue.ts';
import { writeChart } from './chart.ts';
import { endProgramsWithUs } from './interruption.ts';
import { judge, whyNotShown } from './judgement.ts';
import { peerOf } from './load/peer.ts';
import { type BenchOptions, readCount } from './options.ts';
import { ratioChart } from './ratio-chart.ts';
import { rowsOf, summaryTable } from './summary.ts';

interface Command {
  readonly name: string | null;
  readonly options: BenchOptions;
  readonly isJudged: boolean;
}

const command = readCommand();
if (typeof command === 'string') {
  console.error(command);
  process.exitCode = 1;
} else {
  endProgramsWithUs();
  process.exitCode = await run(command);
}

async function run({ name, options, isJudged }: Command): Promise<number> {
  const entry = name === null ? undefined : SCENARIOS[name];
  if (entry === undefined) return await runAll(options);
  const scenario = await entry.load();
  const judgement = judge(await scenario(options));
  const { result, unreached } = judgement;
  const reason = isJudged ? whyNotShown(judgement) : null;
  if (reason !== null) console.error(reason);
  console.log(JSON.stringify({ ...result, unreached }));
  return reason === null ? 0 : 1;
}

async function runAll(options: BenchOptions): Promise<number> {
  const scenarios: Record<string, unknown> = {};
  const failed: Record<string, string> = {};
  for (const [name, { load, shortRounds, shortConnections }] of Object.entries(SCENARIOS)) {
    const startedMs = performance.now();
    try {
      const scenario = await load();
      const outcome = await scenario({
        rounds: options.rounds ?? shortRounds ?? null,
        connections: options.connections ?? shortConnections ?? null,
        way: options.way,
        server: options.server,
      });
      scenarios[name] = judge(outcome).result;
    } catch (error) {
      // A failed scenario doesn't keep the others from running.
      console.error(error);
      failed[name] = error instanceof Error ? error.message : String(error);
    }
    console.log(`    (${name}: ${((performance.now() - startedMs) / 1_000).toFixed(0)} s)\n`);
  }
  console.log(`${summaryTable(scenarios)}\n`);
  const title = 'Our costs compared with the floors';
  const picture = await writeChart('round', ratioChart(title, rowsOf(scenarios)));
  console.log(`The picture of it is ${picture}; each benchmark's own is beside it.`);
  console.log(JSON.stringify({ scenarios, failed, picture }));
  return Object.keys(failed).length === 0 ? 0 : 1;
}

/** Reads the command line. Returns an error message as a string. */
function readCommand(): Command | string {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        connections: { type: 'string' },
        way: { type: 'string' },
        server: { type: 'string' },
        runtime: { type: 'string' },
        judge: { type: 'boolean', default: false },
      },
    });
    const [name = null, ...others] = positionals;
    if (others.length > 0) return 'Name one benchmark, or none to run all.';
    if (name !== null && !Object.hasOwn(SCENARIOS, name)) {
      return `There is no benchmark "${name}". There are: ${Object.keys(SCENARIOS).join(', ')}.`;
    }
    const { way = null, runtime } = values;
    const server = runtime ?? values.server ?? null;
    if (runtime !== undefined) {
      if (runtime !== 'bun') return `"${runtime}" is no runtime to compare with.`;
      if (values.server !== undefined) return 'Give --runtime or --server, not both.';
      if (name === null || SCENARIOS[name]?.runsOnBun !== true) {
        const names = Object.keys(SCENARIOS).filter((each) => SCENARIOS[each]?.runsOnBun);
        return `Name one of the benchmarks that run on Bun: ${names.join(', ')}.`;
      }
      if (BUN_COMMAND === null) return 'npm installs no Bun for this machine.';
    }
    if (way !== null && way !== 'direct' && way !== 'relay') return `"${way}" is no way.`;
    if (values.judge && name === null) return 'A short round is too small to be judged: name one.';
    const rounds = readCount(values.rounds);
    const connections = readCount(values.connections);
    // Reports a wrong folder before a server starts.
    peerOf(process.env['FARANDOLE_PEERS']);
    return { name, options: { rounds, connections, way, server }, isJudged: values.judge };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
