/**
 * `npm run test:long` runs the tests that take hours, in shards. A shard that passed on this
 * commit isn't run again. `-- --list` lists the shards, `-- NAME …` runs some of them, and `--
 * --proved` prints this commit's trial counts for docs/performance.md. The last line of the
 * output is JSON.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  addResult,
  chooseShards,
  isDone,
  judge,
  readResults,
  unreachedOf,
} from './lib/long-results.mjs';
import { LONG_SHARDS, SHARD_LIMIT_MINUTES } from './lib/long-shards.mjs';
import { buildPage } from './lib/page.mjs';
import { endLeftBehind, endStepsWithUs, runAside } from './lib/processes.mjs';
import { provedBy, provedTable } from './lib/proved.mjs';
import { inWords } from './lib/steps.mjs';
import {
  environmentWith,
  findNode,
  install,
  root,
  runMain,
  SetupError,
  stampsFolder,
} from './setup.mjs';

/** @typedef {import('./lib/long-shards.mjs').Shard} Shard */

/**
 * Number of lines that are shown of a failed shard's output. The shard's log contains the whole
 * output.
 */
const SHOWN_LINES_MAX = 40;
/** Time that the leftover processes of a shard get to end. */
const GOODBYE_MS = 5_000;

const folder = join(stampsFolder, 'long');

await runMain(async () => {
  const args = process.argv.slice(2);
  const isList = args.includes('--list');
  const isProved = args.includes('--proved');
  const { chosen, unknown } = chooseShards(
    LONG_SHARDS,
    args.filter((arg) => arg !== '--list' && arg !== '--proved'),
  );
  if (unknown.length > 0) {
    throw new SetupError(`Unknown shard ${unknown.join(', ')}: see npm run test:long -- --list`);
  }
  const commit = commitOfCheckout();
  const file = join(folder, `${commit}.json`);
  if (isList) {
    list(chosen, file);
    return 0;
  }
  if (isProved) {
    console.log(provedTable(provedBy(readResults(file)), commit));
    return 0;
  }
  await install();
  const node = findNode();
  await buildPage(node);
  endStepsWithUs();
  mkdirSync(folder, { recursive: true });
  const done = chosen.filter((shard) => mayBeTakenUp(commit) && isDone(readResults(file), shard));
  for (const shard of chosen) {
    if (done.includes(shard)) console.log(`  ${shard.name.padEnd(18)}done before`);
    else await run(node, shard, file);
  }
  return conclude(chosen, done.length, commit, file);
});

/**
 * @param {string} node
 * @param {Shard} shard
 * @param {string} file
 */
async function run(node, { name, command, minutes }, file) {
  console.log(`  ${name.padEnd(18)}${command}  (about ${minutes} min)`);
  const startMs = performance.now();
  const [program = '', ...args] = command.split(' ');
  const { code, output } = await runAside(program, args, {
    cwd: root,
    env: environmentWith(node),
    limitMs: SHARD_LIMIT_MINUTES * 60_000,
  });
  const left = await endLeftBehind(GOODBYE_MS);
  const tookMs = performance.now() - startMs;
  const log = join(folder, `${name}.log`);
  writeFileSync(log, output);
  const { ok, result, unreached } = judge(left.length === 0 ? code : 1, output);
  addResult(file, name, { ok, command, code, seconds: Math.round(tookMs / 1_000), result });
  console.log(`  ${''.padEnd(18)}${ok ? 'ok' : 'FAILED'} in ${inWords(tookMs)}`);
  if (unreached.length > 0) console.log(`  ${''.padEnd(18)}not reached: ${unreached.join(', ')}`);
  if (ok) return;
  console.log(output.trimEnd().split('\n').slice(-SHOWN_LINES_MAX).join('\n'));
  for (const { pid, command: of } of left) console.log(`Left running, stopped now: ${pid} ${of}`);
  console.log(`Its full output is in ${log}`);
}

/**
 * @param {readonly Shard[]} shards
 * @param {number} doneBefore
 * @param {string} commit
 * @param {string} file
 * @returns {number} The exit code.
 */
function conclude(shards, doneBefore, commit, file) {
  const results = readResults(file);
  const failed = shards.filter(({ name }) => results[name]?.ok !== true).map(({ name }) => name);
  const told = Object.fromEntries(shards.map(({ name }) => [name, results[name]?.result ?? null]));
  const unreached = Object.fromEntries(
    shards.flatMap(({ name }) => {
      const figures = unreachedOf(results[name]?.result);
      return figures.length > 0 ? [[name, figures]] : [];
    }),
  );
  const passed = shards.length - failed.length;
  console.log(`\n${passed} of ${shards.length} shards passed; the results are in ${file}`);
  console.log(JSON.stringify({ commit, passed, doneBefore, failed, unreached, shards: told }));
  return failed.length === 0 ? 0 : 1;
}

/**
 * @param {readonly Shard[]} shards
 * @param {string} file
 */
function list(shards, file) {
  const results = readResults(file);
  for (const shard of shards) {
    const before = results[shard.name];
    const state = before === undefined ? '' : isDone(results, shard) ? 'done' : 'to be run again';
    const minutes = `${shard.minutes} min`.padStart(8);
    console.log(`${shard.name.padEnd(18)}${minutes}  ${state.padEnd(16)}${shard.command}`);
  }
  const minutes = shards.reduce((sum, shard) => sum + shard.minutes, 0);
  console.log(`${shards.length} shards, about ${minutes} min`);
}

/**
 * Returns the commit of the checkout, marked if tracked files differ from it.
 * @returns {string}
 */
function commitOfCheckout() {
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--abbrev=40', '--dirty'], {
    cwd: root,
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : 'no-commit';
}

/**
 * Returns whether earlier results may be reused. Results of a modified checkout may not, because they
 * aren't those of its commit.
 * @param {string} commit
 */
function mayBeTakenUp(commit) {
  return /^[0-9a-f]{40}$/.test(commit);
}
