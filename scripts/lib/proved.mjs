const TRIALS = ['sessions', 'cycles', 'cases', 'kills'];
const FAULTS = [
  'violations',
  'lost',
  'doubled',
  'reordered',
  'foreign',
  'streamFaults',
  'corrupt',
  'failed',
];

/**
 * Trials and failures of long tests, summed over the shards of one kind.
 * @typedef {object} Proved
 * @property {string} kind The common name of the shards, without a number.
 * @property {string} trials The unit, such as `sessions`.
 * @property {number} n
 * @property {number} faults
 * @property {string[]} seeds In the order of the shards. Empty if they have none.
 * @property {number} seconds
 */

/**
 * Sums the trials of shards that have results, with a row for each kind. Shards without trials have
 * no row.
 * @param {import('./long-results.mjs').LongResults} results
 * @returns {Proved[]}
 */
export function provedBy(results) {
  /** @type {Map<string, Proved>} */
  const rows = new Map();
  for (const [name, { command, seconds, result }] of Object.entries(results)) {
    const counts = numbersOf(result);
    const trials = TRIALS.find((key) => counts.has(key));
    if (trials === undefined) continue;
    const kind = name.replace(/-[0-9]+$/, '');
    const row = rows.get(kind) ?? { kind, trials, n: 0, faults: 0, seeds: [], seconds: 0 };
    row.n += counts.get(trials) ?? 0;
    row.faults += FAULTS.reduce((sum, key) => sum + (counts.get(key) ?? 0), 0);
    row.seconds += seconds;
    const seed = / --seed ([0-9]+)/.exec(command)?.[1];
    if (seed !== undefined) row.seeds.push(seed);
    rows.set(kind, row);
  }
  return [...rows.values()];
}

/**
 * Formats trials and failures as a Markdown table. After n trials without a fault, the failure rate is at most 3/n
 * with 95 % confidence (the "rule of three"). After a fault the table states no bound.
 * @param {readonly Proved[]} rows
 * @param {string} commit
 * @returns {string}
 */
export function provedTable(rows, commit) {
  const lines = rows.map(({ kind, trials, n, faults, seeds, seconds }) =>
    [
      `\`${kind}\``,
      `${n.toLocaleString('en')} ${trials}`,
      String(faults),
      faults === 0 && n > 0 ? (3 / n).toExponential(1) : '–',
      seeds.join(', ') || '–',
      commit.slice(0, 7),
      `${Math.round(seconds / 60)} min`,
    ].join(' | '),
  );
  const head = ['long tier', 'n', 'faults', 'rate below (3/n)', 'seeds', 'commit', 'took'];
  return [head.join(' | '), head.map(() => '---').join(' | '), ...lines]
    .map((line) => `| ${line} |`)
    .join('\n');
}

/**
 * @param {unknown} result
 * @returns {Map<string, number>}
 */
function numbersOf(result) {
  /** @type {Map<string, number>} */
  const numbers = new Map();
  if (typeof result !== 'object' || result === null) return numbers;
  /** @type {[string, unknown][]} */
  const entries = Object.entries(result);
  for (const [key, value] of entries) if (typeof value === 'number') numbers.set(key, value);
  return numbers;
}
