import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** @typedef {'SIGINT' | 'SIGTERM' | 'SIGHUP'} StopSignal */
/** @type {readonly StopSignal[]} */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * npm and the terminal both forward a signal, so the same signal within this time is a
 * duplicate.
 */
const SAME_SIGNAL_MS = 500;
/** Time between SIGTERM and SIGKILL. */
const GRACE_MS = 3_000;

/** How often this process checks whether npm, its parent, still runs. */
const NPM_POLL_MS = 250;

/**
 * Calls `onGone` once when npm has ended. npm starts this process through a shell. A signal that
 * ends npm and the shell may not reach this process, which would then run on with its child.
 * @param {() => void} onGone
 * @returns {() => void} Ends the watch.
 */
function watchNpm(onGone) {
  // A process that npm didn't start may outlive its parent.
  if (process.env.npm_lifecycle_event === undefined) return () => {};
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    onGone();
  }, NPM_POLL_MS);
  watch.unref();
  return () => clearInterval(watch);
}

/**
 * Environment variable that every process of a run inherits. It identifies processes that a run
 * left over.
 */
const RUN_MARK = 'TEST_RUN_MARK';
const runMark = randomUUID();

/**
 * Returns the exit code of a child, or 128 plus the signal's number if a signal ended it.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function exitCodeOf(code, signal) {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/**
 * Runs a program in the foreground until it ends. Each signal reaches the program once: the
 * terminal sends Ctrl-C to the whole process group, and other signals are forwarded. After a
 * signal, this process waits for the program to end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} The exit code, or 128 plus the signal's number.
 */
export async function runInForeground(command, args, options = {}) {
  const child = spawn(command, args, { ...options, stdio: 'inherit' });
  /** @type {Map<StopSignal, number>} */
  const passedAtMs = new Map();
  const passOn = (/** @type {StopSignal} */ signal) => {
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    const nowMs = performance.now();
    const lastMs = passedAtMs.get(signal) ?? Number.NEGATIVE_INFINITY;
    if (nowMs - lastMs < SAME_SIGNAL_MS) return;
    passedAtMs.set(signal, nowMs);
    child.kill(signal);
  };
  for (const signal of STOP_SIGNALS) process.on(signal, passOn);
  const unwatchNpm = watchNpm(() => passOn('SIGTERM'));
  // Ends the child whenever this process ends, except by SIGKILL.
  const endChild = () => {
    child.kill('SIGTERM');
  };
  process.once('exit', endChild);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(exitCodeOf(code, signal)));
    });
  } finally {
    unwatchNpm();
    process.off('exit', endChild);
    for (const signal of STOP_SIGNALS) process.off(signal, passOn);
  }
}

/**
 * Background programs that are running at the moment. Each leads a process group.
 * @type {Set<import('node:child_process').ChildProcess>}
 */
const running = new Set();

/**
 * Runs a program in the background and collects its output. The program leads a new process group,
 * so that it can be ended with its children.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, limitMs: number }} options
 * @returns {Promise<{ code: number, output: string }>} `output` is stdout and stderr, interleaved.
 */
export async function runAside(command, args, { cwd, env = process.env, limitMs }) {
  const child = spawn(command, args, {
    cwd,
    env: { ...env, [RUN_MARK]: runMark },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  /** @type {Buffer[]} */
  const chunks = [];
  const keep = (/** @type {Buffer} */ chunk) => void chunks.push(chunk);
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  running.add(child);
  const limit = setTimeout(() => {
    keep(Buffer.from(`\nstopped: it took longer than ${Math.round(limitMs / 1000)} s\n`));
    void endGroup(child);
  }, limitMs);
  try {
    /** @type {Promise<number>} */
    const ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      // Waits for `exit` and not for `close`, because a leftover process would keep the pipes
      // open.
      child.once('exit', (exitCode, signal) => {
        setTimeout(() => resolve(exitCodeOf(exitCode, signal)), 50);
      });
    });
    const code = await ended;
    return { code, output: Buffer.concat(chunks).toString('utf8') };
  } finally {
    clearTimeout(limit);
    running.delete(child);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** @param {import('node:child_process').ChildProcess} child */
async function endGroup(child) {
  signalGroup(child, 'SIGTERM');
  // The timer must not keep this process alive after the child has ended.
  await delay(GRACE_MS, undefined, { ref: false });
  if (running.has(child)) signalGroup(child, 'SIGKILL');
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
  } catch {
    // The process group has ended in the meantime, so there is nothing to signal.
  }
}

/**
 * Installs signal handlers. A signal then ends every background program and its leftover
 * processes before this process.
 */
export function endStepsWithUs() {
  for (const signal of STOP_SIGNALS) {
    process.once(signal, () => void endStepsAndGo(signal));
  }
  watchNpm(() => void endStepsAndGo('SIGTERM'));
  process.once('exit', () => {
    for (const child of running) signalGroup(child, 'SIGKILL');
  });
}

/** @param {StopSignal} signal */
async function endStepsAndGo(signal) {
  for (const child of running) signalGroup(child, 'SIGTERM');
  await endLeftBehind(GRACE_MS);
  process.exit(128 + constants.signals[signal]);
}

/**
 * Finds processes that a background program left behind, in any process group, by an environment
 * variable that they inherited. Works only on Linux. Elsewhere the list is empty.
 * @returns {{ pid: number, command: string }[]}
 */
export function leftBehind() {
  if (process.platform !== 'linux') return [];
  const found = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
      if (!environment.includes(`${RUN_MARK}=${runMark}`)) continue;
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
      found.push({ pid, command });
    } catch {
      // The process has ended, or belongs to another user.
    }
  }
  return found;
}

/**
 * Waits for leftover processes to end, then kills the remaining ones by id.
 * @param {number} patienceMs
 * @returns {Promise<{ pid: number, command: string }[]>} The killed processes.
 */
export async function endLeftBehind(patienceMs) {
  const untilMs = performance.now() + patienceMs;
  while (leftBehind().length > 0 && performance.now() < untilMs) await delay(100);
  const stubborn = leftBehind();
  for (const { pid } of stubborn) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // The process has ended in the meantime.
    }
  }
  return stubborn;
}
