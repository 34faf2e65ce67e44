import { performance } from 'node:perf_hooks';

/**
 * Result of a step. `output` is shown only if the step fails.
 * @typedef {{ ok: boolean, output: string, note?: string }} Outcome
 */

/** @typedef {{ name: string, run: () => Promise<Outcome> }} Step */

/**
 * Runs all steps in order. It continues after a failure, so that one run shows every fault.
 * @param {readonly Step[]} steps
 * @returns {Promise<string[]>} Names of failed steps.
 */
export async function runSteps(steps) {
  const failed = [];
  for (const { name, run } of steps) {
    const label = `  ${name.padEnd(14)}`;
    if (process.stdout.isTTY) process.stdout.write(`${label}…`);
    const startMs = performance.now();
    const { ok, output, note } = await outcomeOf(run);
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    if (process.stdout.isTTY) process.stdout.write('\r');
    const result = (ok ? 'ok' : 'FAILED').padEnd(7);
    console.log(
      `${label}${result}${seconds.padStart(7)} s${note === undefined ? '' : `  ${note}`}`,
    );
    if (ok) continue;
    failed.push(name);
    console.log(`\n${output.trimEnd()}\n`);
  }
  return failed;
}

/**
 * @param {() => Promise<Outcome>} run
 * @returns {Promise<Outcome>}
 */
async function outcomeOf(run) {
  try {
    return await run();
  } catch (error) {
    const output = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ok: false, output };
  }
}

/**
 * @param {number} ms
 * @returns {string} Such as `3 min 07 s`.
 */
export function inWords(ms) {
  const seconds = Math.round(ms / 1000);
  const rest = String(seconds % 60).padStart(2, '0');
  return `${Math.floor(seconds / 60)} min ${rest} s`;
}
