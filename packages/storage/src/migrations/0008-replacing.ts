import type { Migration } from 'kysely/migration';
import { rewriteBodies } from './rewrite-bodies.ts';

/**
 * Stores the earlier state of a report, and references between a decision and the one that
 * replaces it.
 */
export const replacing: Migration = {
  up: async (db) => {
    const ended = { holdUntilMs: null, sanctions: [] };
    await rewriteBodies(db, 'decisions', (one) => ({ ...one, replacedBy: null, ended }));
    await rewriteBodies(db, 'reports', (one) => ({ ...one, verdictBefore: 'waiting' }));
  },
};
