import type { Migration } from 'kysely/migration';
import { rewriteBodies } from './rewrite-bodies.ts';

/** A decision may take the place of another, and says what it ended; a report, what it was before. */
export const replacing: Migration = {
  up: async (db) => {
    const ended = { holdUntilMs: null, sanctions: [] };
    await rewriteBodies(db, 'decisions', (one) => ({ ...one, replacedBy: null, ended }));
    await rewriteBodies(db, 'reports', (one) => ({ ...one, verdictBefore: 'waiting' }));
  },
};
