import type { Migration } from 'kysely/migration';

/** Adds seals of audit rows and of the chain's ends; existing rows stay unsealed. */
export const auditSeals: Migration = {
  up: async (db) => {
    for (const table of ['audit', 'audit_ends']) {
      await db.schema.alterTable(table).addColumn('seal', 'text').execute();
    }
  },
};
