import type { Migration } from 'kysely/migration';
import { rewriteBodies } from './rewrite-bodies.ts';

/** A case keeps who handed it on and to whom, also while somebody has it. */
export const handedOn: Migration = {
  up: async (db) => {
    await rewriteBodies(db, 'cases', (of) => {
      const isHandedOn = of['state'] === 'escalated' && of['approval'] === null;
      return { ...of, handedOn: isHandedOn ? { by: of['by'], to: of['to'] } : null };
    });
  },
};
