/**
 * `npm run test:long -- mutation` plants a seeded sample of mutants in the pure packages and
 * counts the mutants that unit tests detect. The last line of the output is JSON. The command is
 * `node scripts/mutation/main.ts --seed 1 --mutants 200 [--in PART_OF_A_PATH]`.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { listFiles } from '../lib/files.mjs';
import { endStepsWithUs, runAside } from '../lib/processes.mjs';
import { root } from '../setup.mjs';
import { type Mutant, mutantsOf, sampleOf } from './mutants.ts';

const SOURCES =
  /^packages\/(?:accounts|gateway|matchmaking|moderation)\/src\/(?!simulation\/).*\.ts$/;
const TESTS = /^packages\/(?:accounts|gateway|matchmaking|moderation|storage)\/test\/.*\.test\.ts$/;
const NOT_TESTS = /\/simulation\/|postgres|crash|power|backup/;

const CAUGHT_MIN = 0.85;
/** A test counts as hanging if it takes this many times longer with a mutant than without. */
const SLOWER_MAX = 5;
const LIMIT_MS_MIN = 20_000;
const BASELINE_LIMIT_MS = 5 * 60_000;

interface TestFile {
  readonly path: string;
  readonly tookMs: number;
  readonly loads: ReadonlySet<string>;
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    mutants: { type: 'string', default: '200' },
    in: { type: 'string', default: '' },
  },
});
endStepsWithUs();
const folder = mkdtempSync(join(tmpdir(), 'farandole-mutants-'));
try {
  process.exitCode = await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<number> {
  const all = await Promise.all(
    listFiles()
      .filter((path) => SOURCES.test(path) && path.includes(values.in))
      .map((path) => mutantsOf(path, readFileSync(join(root, path), 'utf8'))),
  );
  const sample = sampleOf(all.flat(), Number(values.seed), Number(values.mutants));
  const tests = await inParallel(
    listFiles().filter((path) => TESTS.test(path) && !NOT_TESTS.test(path)),
    runUnchanged,
  );
  console.log(`${sample.length} of ${all.flat().length} mutants, ${tests.length} test files`);
  const survivors: Mutant[] = [];
  let timeouts = 0;
  await inParallel(sample, async (mutant, index) => {
    const verdict = await verdictOn(mutant, index, tests);
    if (verdict.state === 'survived') survivors.push(mutant);
    if (verdict.state === 'timeout') timeouts += 1;
    const { path, line, mutator } = mutant;
    console.log(`${verdict.state.padEnd(8)} ${path}:${line} ${mutator} ${verdict.by}`);
  });
  for (const { path, line, original, replacement } of survivors) {
    console.log(`\n${path}:${line}\n- ${original}\n+ ${replacement}`);
  }
  const caught = sample.length - survivors.length;
  const rate = caught / sample.length;
  console.log(
    JSON.stringify({
      mutants: sample.length,
      caught,
      timeouts,
      rate: Number(rate.toFixed(3)),
      survivors: survivors.map(({ path, line, mutator }) => `${path}:${line} ${mutator}`),
    }),
  );
  return rate >= CAUGHT_MIN ? 0 : 1;
}

/** Runs a test file without a mutant, where it must pass. Records which sources it imports. */
async function runUnchanged(path: string, index: number): Promise<TestFile> {
  const record = join(folder, `loaded-${index}`);
  const startMs = performance.now();
  const { code, output } = await run(path, BASELINE_LIMIT_MS, { MUTANT_LOADED: record });
  if (code !== 0) throw new Error(`${path} fails without any mutant:\n${output}`);
  const loads = existsSync(record) ? readFileSync(record, 'utf8').split('\n') : [];
  return { path, tookMs: performance.now() - startMs, loads: new Set(loads) };
}

/** A hanging test has detected the mutant too, unless the machine is overloaded. */
interface Verdict {
  readonly state: 'caught' | 'timeout' | 'survived';
  readonly by: string;
}

async function verdictOn(
  mutant: Mutant,
  index: number,
  tests: readonly TestFile[],
): Promise<Verdict> {
  const url = pathToFileURL(join(root, mutant.path)).href;
  const text = join(folder, `mutant-${index}.ts`);
  writeFileSync(text, mutant.text);
  const concept = basename(mutant.path, '.ts');
  const isNamesake = ({ path }: TestFile): boolean => basename(path).startsWith(concept);
  const fitting = tests
    .filter(({ loads }) => loads.has(url))
    .sort((a, b) => Number(isNamesake(b)) - Number(isNamesake(a)) || a.tookMs - b.tookMs);
  for (const { path, tookMs } of fitting) {
    const limitMs = Math.max(LIMIT_MS_MIN, tookMs * SLOWER_MAX);
    const startMs = performance.now();
    const { code } = await run(path, limitMs, { MUTANT_URL: url, MUTANT_TEXT: text });
    if (code === 0) continue;
    return { state: performance.now() - startMs < limitMs ? 'caught' : 'timeout', by: path };
  }
  return { state: 'survived', by: '' };
}

function run(
  path: string,
  limitMs: number,
  env: Readonly<Record<string, string>>,
): Promise<{ code: number; output: string }> {
  // Passes the module to import in the environment, so that worker threads load it too.
  const plant = pathToFileURL(join(import.meta.dirname, 'plant.mjs')).href;
  return runAside(process.execPath, ['--test-reporter=dot', path], {
    cwd: root,
    env: { ...process.env, ...env, NODE_OPTIONS: `--import=${plant}` },
    limitMs,
  });
}

/**
 * Applies a function to items, with one worker per core. The results keep the order of the
 * items.
 */
async function inParallel<T, R>(
  items: readonly T[],
  map: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const entries = items.entries();
  const results: R[] = [];
  const work = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await map(item, index);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results;
}
