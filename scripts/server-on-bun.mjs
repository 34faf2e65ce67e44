/**
 * `npm run test:long -- server-on-bun` runs the cases of RFC 6455, the fuzzers of messages and
 * signalling, and the server's tests with the server on Bun. Tests that start the server as a program run on Node and start it on Bun; all
 * others run on Bun themselves. `bun-exceptions.mjs` lists the files that test Node alone, and the
 * tests that may fail. The last line is JSON. The exit code is 1 if any other test failed.
 *
 * Arguments choose the files whose path contains one of them.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUN_OPTIONS, bunProgram } from './lib/bun.mjs';
import { BUN_EXCEPTIONS, NODE_ONLY } from './lib/bun-exceptions.mjs';
import { listFiles } from './lib/files.mjs';
import { findNode, root } from './setup.mjs';

/** These limits only end what hangs; on a busy machine the tests take many times as long. */
const FILE_LIMIT_MS = 900_000;
const TEST_LIMIT_MS = 300_000;
/**
 * Programs that judge themselves by their exit code, with their arguments.
 * @type {readonly (readonly [file: string, ...args: string[]])[]}
 */
const PROGRAMS = [
  ['apps/server/test/rfc6455/main.ts'],
  ['packages/protocol/test/fuzz/main.ts', '--seed', '31', '--cases', '200000'],
  ['packages/gateway/test/signal-policy/main.ts', '--seed', '32', '--cases', '100000'],
];
/** The server's tests, and the attacks of minutes. */
const TESTS = /^apps\/server\/test\/(?:.*\.test|attack\/[^/]*\.long)\.ts$/;
/** Imports of tests that start the server or the command line as a program. */
const STARTS_PROGRAM =
  /support\/(?:main-process|attacked-server|cli-process|siege|many-blocks)\.ts/;
/** Lines in which the two test runners name a failed test. */
const FAILED = /^(?:\s*✖|\(fail\)) (.*?) (?:\(|\[)[0-9.]+ms[)\]]$/gmu;

const node = findNode();
const chosen = process.argv.slice(2);
const files = listFiles().filter(
  (file) => TESTS.test(file) && !Object.hasOwn(NODE_ONLY, file) && isChosen(file),
);
let failedFiles = 0;
let excepted = 0;
for (const [file, ...args] of PROGRAMS.filter(([program]) => isChosen(program))) {
  const { code, output } = run(bunProgram, [...BUN_OPTIONS, file, ...args], {});
  if (code !== 0) failedFiles += 1;
  console.log(output);
}
for (const file of files) {
  const startsProgram = STARTS_PROGRAM.test(readFileSync(join(root, file), 'utf8'));
  const { code, output } = startsProgram ? runOnNode(file) : runOnBun(file);
  const titles = [...new Set(Array.from(output.matchAll(FAILED), ([, title = '']) => title))];
  const known = BUN_EXCEPTIONS[file] ?? {};
  const unknown = titles.filter((title) => title !== file && !Object.hasOwn(known, title));
  // A file without an exit code was ended at its limit, before all of its tests ran.
  const hasRun = code !== null;
  const isExcepted = hasRun && code !== 0 && titles.length > 0 && unknown.length === 0;
  if (isExcepted) excepted += 1;
  const isGood = code === 0 || isExcepted;
  if (!isGood) {
    failedFiles += 1;
    console.error(output);
  }
  console.log(
    `${isGood ? 'ok    ' : 'FAILED'}  ${file}  (${startsProgram ? 'program' : 'all'} on Bun)`,
  );
  if (!hasRun) console.log(`        ended after ${FILE_LIMIT_MS / 60_000} min`);
  for (const title of titles) console.log(`        ${title}: ${known[title] ?? 'unexpected'}`);
}
console.log(JSON.stringify({ files: files.length, excepted, failed: failedFiles }));
process.exitCode = failedFiles === 0 ? 0 : 1;

/** @param {string} file */
function isChosen(file) {
  return chosen.length === 0 || chosen.some((part) => file.includes(part));
}

/** @param {string} file */
function runOnNode(file) {
  return run(node, ['--test', `--test-timeout=${TEST_LIMIT_MS}`, file], {
    SERVER_TEST_RUNTIME: 'bun',
  });
}

/** @param {string} file */
function runOnBun(file) {
  return run(bunProgram, [...BUN_OPTIONS, 'test', `--timeout=${TEST_LIMIT_MS}`, `./${file}`], {});
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
function run(program, args, env) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: FILE_LIMIT_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, output: `${stdout}\n${stderr}` };
}
