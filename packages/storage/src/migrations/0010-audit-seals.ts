import type { Migration } from 'kysely/migration';

/** The server's seal of each row of the audit, and of where it begins and ends; none of what is there. */
export const auditSeals: Migration = {
  up: async (db) => {
    for (const table of ['audit', 'audit_ends']) {
      await db.schema.alterTable(table).addColumn('seal', 'text').execute();
    }
  },
};
