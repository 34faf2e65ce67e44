import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

/** @typedef {'SIGINT' | 'SIGTERM' | 'SIGHUP'} StopSignal */
/** @type {readonly StopSignal[]} */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** npm and the terminal both forward a signal; a repeat within this time is a duplicate. */
const SAME_SIGNAL_MS = 500;
/** Delay between SIGTERM and SIGKILL. */
const GRACE_MS = 3_000;

/** Poll period for npm, our parent. */
const NPM_POLL_MS = 250;

/**
 * Calls back once when npm is gone. npm runs us through a shell; a signal that ends both may not
 * reach us, and we and our child would stay.
 * @param {() => void} onGone
 * @returns {() => void} Ends the watch.
 */
function watchNpm(onGone) {
  // Started by hand, we may outlive the parent.
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

/** Inherited by every process of a run, to find leftovers. */
const RUN_MARK = 'TEST_RUN_MARK';
const runMark = randomUUID();

/**
 * The exit code that matches a child's end.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function exitCodeOf(code, signal) {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/**
 * Runs a program in the foreground until it ends. Signals reach it once: the terminal sends Ctrl-C
 * to the whole group; other signals are forwarded, and we wait for the child to end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} The exit code; 128 plus its number for a signal.
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
  // Any end of ours short of SIGKILL ends the child.
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
 * Running steps, each a process group leader.
 * @type {Set<import('node:child_process').ChildProcess>}
 */
const running = new Set();

/**
 * Runs a program in the background and collects its output. It leads a new process group, so that it
 * ends with its children.
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
      // Not `close`: a leftover process would hold the pipes open.
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
  // Must not delay our exit once the child is gone.
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
    // It ended in between.
  }
}

/** From now on, a signal ends every background step and its leftovers first. */
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
 * Finds leftover processes of our steps by an inherited environment variable, in any process group.
 * Linux only; elsewhere empty.
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
      // It ended in between, or belongs to another user.
    }
  }
  return found;
}

/**
 * Waits for leftovers, and ends the remaining ones by id.
 * @param {number} patienceMs
 * @returns {Promise<{ pid: number, command: string }[]>} The ended ones.
 */
export async function endLeftBehind(patienceMs) {
  const untilMs = performance.now() + patienceMs;
  while (leftBehind().length > 0 && performance.now() < untilMs) await delay(100);
  const stubborn = leftBehind();
  for (const { pid } of stubborn) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended in between.
    }
  }
  return stubborn;
}
