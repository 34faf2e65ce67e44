import type { Mutant } from './mutant.ts';

/** How a node gives its parts their turns, and what it reads back. */
export const NODE_MUTANTS: readonly Mutant[] = [
  {
    name: 'the pool has no turn',
    file: 'cluster/src/node-turns.ts',
    find: '    host.tick(now);\n',
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
];
