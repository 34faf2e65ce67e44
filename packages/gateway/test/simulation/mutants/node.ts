import type { Mutant } from './mutant.ts';

/** How a node gives its parts their turns, and what it reads back. */
export const NODE_MUTANTS: readonly Mutant[] = [
  {
    name: 'the pool has no turn',
    file: 'cluster/src/node-turns.ts',
    find: '    pool.tick(now);\n',
    replace: '',
    killedBy: ['I3'],
  },
  {
    name: 'what is due is never done',
    file: 'cluster/src/node-turns.ts',
    find: '    gateway.tick(now);\n',
    replace: '',
    killedBy: ['I10', 'I4'],
  },
  {
    name: 'a restarted node writes down again what a case has',
    file: 'gateway/src/gateway.ts',
    find: "record.kind === 'report' || record.kind === 'reported'",
    replace: "record.kind === 'report'",
    killedBy: ['I8'],
  },
  {
    name: 'a restarted node lets meet whom a report that a case has keeps apart',
    file: 'gateway/src/pair-ledger.ts',
    find: "      case 'reported':\n        this.#hold(record.by, record.of, FOR_GOOD);\n",
    replace: '        this.#hold(record.by, record.of, FOR_GOOD);\n',
    killedBy: ['I2'],
  },
];
