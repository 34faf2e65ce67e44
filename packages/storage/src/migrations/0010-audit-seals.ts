import type { Migration } from 'kysely/migration';

/** Adds seals to audit rows and to both ends of the audit chain. Existing rows stay unsealed. */
export const auditSeals: Migration = {
  up: async (db) => {
    for (const table of ['audit', 'audit_ends']) {
      await db.schema.alterTable(table).addColumn('seal', 'text').execute();
    }
  },
};
