import type { Migration } from 'kysely/migration';
import { createTable } from './create-table.ts';

/** Adds a table for the server's date and its average numbers of users per hour. */
export const hoursDate: Migration = {
  up: (db) => createTable(db, 'server_state', { id: 'text', value: 'text', at_ms: 'bigint' }),
};
