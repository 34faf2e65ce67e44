import type { Migration } from 'kysely/migration';
import { rewriteBodies } from './rewrite-bodies.ts';

/** Keeps who handed a case over, and to whom, also while assigned. */
export const handedOn: Migration = {
  up: async (db) => {
    await rewriteBodies(db, 'cases', (of) => {
      const isHandedOn = of['state'] === 'escalated' && of['approval'] === null;
      return { ...of, handedOn: isHandedOn ? { by: of['by'], to: of['to'] } : null };
    });
  },
};
