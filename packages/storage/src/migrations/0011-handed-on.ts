import type { Migration } from 'kysely/migration';
import { rewriteBodies } from './rewrite-bodies.ts';

/**
 * Stores which member handed a case over and to which role, so that both are known after the
 * case is assigned again.
 */
export const handedOn: Migration = {
  up: async (db) => {
    await rewriteBodies(db, 'cases', (of) => {
      const isHandedOn = of['state'] === 'escalated' && of['approval'] === null;
      return { ...of, handedOn: isHandedOn ? { by: of['by'], to: of['to'] } : null };
    });
  },
};
