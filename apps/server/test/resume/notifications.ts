import type { Faults } from './transcript.ts';

/**
 * Compares a page's messages with the expected sequence. Missing messages are lost, extra ones
 * doubled; if only the order differs, misplaced ones are reordered.
 */
export function notificationFaults(expected: readonly string[], told: readonly string[]): Faults {
  const countsOf = (types: readonly string[]): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1);
    return counts;
  };
  const [due, came] = [countsOf(expected), countsOf(told)];
  let [lost, doubled, reordered] = [0, 0, 0];
  for (const type of new Set([...expected, ...told])) {
    const more = (came.get(type) ?? 0) - (due.get(type) ?? 0);
    if (more < 0) lost -= more;
    else doubled += more;
  }
  if (lost + doubled === 0) {
    for (const [at, type] of expected.entries()) if (told[at] !== type) reordered += 1;
  }
  return { lost, doubled, reordered };
}
