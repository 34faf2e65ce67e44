import type { Migration } from 'kysely/migration';
import { rewriteBodies } from './rewrite-bodies.ts';

/**
 * Adds a report's earlier state. Also adds references between a decision and the decision that
 * replaces it.
 */
export const replacing: Migration = {
  up: async (db) => {
    const ended = { holdUntilMs: null, sanctions: [] };
    await rewriteBodies(db, 'decisions', (one) => ({ ...one, replacedBy: null, ended }));
    await rewriteBodies(db, 'reports', (one) => ({ ...one, verdictBefore: 'waiting' }));
  },
};
