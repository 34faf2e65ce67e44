import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * What became of one shard.
 *
 * @typedef {object} ShardResult
 * @property {boolean} ok
 * @property {string} command As it was run: a shard that asks for something else is run again.
 * @property {number} code The exit code of the command.
 * @property {number} seconds
 * @property {unknown} result Its last line, read as JSON; null where it was none.
 */

/** @typedef {Record<string, ShardResult>} LongResults By the names of the shards. */

/**
 * @param {string} file
 * @returns {LongResults} Empty where there is no such file, or not a whole one.
 */
export function readResults(file) {
  try {
    return /** @type {LongResults} */ (JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}

/**
 * Adds one result to those that the file holds by now: another terminal may run other shards.
 *
 * @param {string} file
 * @param {string} name
 * @param {ShardResult} result
 */
export function addResult(file, name, result) {
  const all = { ...readResults(file), [name]: result };
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(all, null, 2)}\n`);
  // Atomic, so that readers and crashes see no partial file.
  renameSync(unfinished, file);
}

/**
 * Whether the shard need not run: it has passed before, by the same command.
 *
 * @param {LongResults} results
 * @param {import('./long-shards.mjs').Shard} shard
 */
export function isDone(results, { name, command }) {
  const before = results[name];
  return before !== undefined && before.ok && before.command === command;
}

/**
 * Judges a shard by what it left: an exit code of 0, and a last line that is JSON and tells of no
 * violation. `unreached` are the figures that it says it did not reach: a shard whose exit code does
 * not depend on them passes, and they are told all the same.
 *
 * @param {number} code
 * @param {string} output
 * @returns {{ ok: boolean, result: unknown, unreached: string[] }}
 */
export function judge(code, output) {
  const result = readLastLine(output);
  const ok = code === 0 && result !== null && (result['violations'] ?? 0) === 0;
  return { ok, result, unreached: unreachedOf(result) };
}

/**
 * The figures that a result says were not reached; none of a result that knows no such figures.
 *
 * @param {unknown} result
 * @returns {string[]}
 */
export function unreachedOf(result) {
  if (typeof result !== 'object' || result === null || !('unreached' in result)) return [];
  return Array.isArray(result.unreached) ? result.unreached.map(String) : [];
}

/**
 * @param {string} output
 * @returns {Record<string, unknown> | null} Null where the last line is no object as JSON.
 */
function readLastLine(output) {
  try {
    /** @type {unknown} */
    const value = JSON.parse(output.trimEnd().split('\n').at(-1) ?? '');
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

/**
 * The shards that are asked for, in their order; all where no name is given.
 *
 * @template {{ name: string }} S
 * @param {readonly S[]} shards
 * @param {readonly string[]} names
 * @returns {{ chosen: S[], unknown: string[] }} `unknown` are names of no shard.
 */
export function chooseShards(shards, names) {
  const chosen = shards.filter(({ name }) => names.length === 0 || names.includes(name));
  const unknown = names.filter((name) => !shards.some((shard) => shard.name === name));
  return { chosen, unknown };
}
