import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * @typedef {object} ShardResult
 * @property {boolean} ok
 * @property {string} command A shard with another command is run again.
 * @property {number} code The exit code of the command.
 * @property {number} seconds
 * @property {unknown} result Its last line, parsed as JSON, or null.
 */

/** @typedef {Record<string, ShardResult>} LongResults Results of the long tests by shard name. */

/**
 * @param {string} file
 * @returns {LongResults} Empty for a missing or partial file.
 */
export function readResults(file) {
  try {
    return /** @type {LongResults} */ (JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}

/**
 * Reads the results file again, adds one shard's result and writes the file, because another terminal
 * may run other shards.
 * @param {string} file
 * @param {string} name
 * @param {ShardResult} result
 */
export function addResult(file, name, result) {
  const all = { ...readResults(file), [name]: result };
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(all, null, 2)}\n`);
  // Renaming is atomic, so no reader sees a partial file, even after a crash.
  renameSync(unfinished, file);
}

/**
 * Returns whether a shard already passed with the same command.
 * @param {LongResults} results
 * @param {import('./long-shards.mjs').Shard} shard
 */
export function isDone(results, { name, command }) {
  const before = results[name];
  return before !== undefined && before.ok && before.command === command;
}

/**
 * Returns whether a shard passed: it exited with code 0, and its last line is JSON without
 * violations. `unreached` lists the figures whose target the shard missed. Such a figure alone
 * doesn't fail the shard.
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
 * Returns the figures whose target a shard's result missed.
 * @param {unknown} result
 * @returns {string[]}
 */
export function unreachedOf(result) {
  if (typeof result !== 'object' || result === null || !('unreached' in result)) return [];
  return Array.isArray(result.unreached) ? result.unreached.map(String) : [];
}

/**
 * @param {string} output
 * @returns {Record<string, unknown> | null} Null unless the last line is a JSON object.
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
 * Selects shards by name, in the order of `shards`. Selects all if no name is given.
 * @template {{ name: string }} S
 * @param {readonly S[]} shards
 * @param {readonly string[]} names
 * @returns {{ chosen: S[], unknown: string[] }} `unknown` lists names that no shard has.
 */
export function chooseShards(shards, names) {
  const chosen = shards.filter(({ name }) => names.length === 0 || names.includes(name));
  const unknown = names.filter((name) => !shards.some((shard) => shard.name === name));
  return { chosen, unknown };
}
