import type { Kysely } from 'kysely';
import type { Value } from './tables.ts';

/** A row of a table of records. Its column `body` contains the record as JSON. */
export type ThingRow = { readonly id: string; readonly body: string } & {
  readonly [column: string]: Value;
};

export interface TextRow {
  readonly id: string;
  readonly keepUntilMs: number;
  readonly sealed: string;
}

/** The key of one stored text, encrypted. Deleting it makes the text unreadable. */
export interface TextKeyRow {
  readonly id: string;
  readonly wrapped: string;
}

export interface AuditTableRow {
  readonly seq: number;
  readonly atMs: number;
  readonly by: string;
  readonly action: string;
  readonly about: string;
  /** Details of the audit row as JSON. Details and salt are null once the details were erased. */
  readonly details: string | null;
  readonly salt: string | null;
  readonly digest: string;
  readonly hash: string;
  /** Seal of the audit row. Null if the row was written before seals existed. */
  readonly seal: string | null;
}

export interface AuditEndRow {
  readonly id: 'first' | 'last';
  readonly seq: number;
  readonly hash: string;
  readonly seal: string | null;
}

export interface Schema {
  readonly words: TextRow;
  readonly wordsKeys: TextKeyRow;
  readonly audit: AuditTableRow;
  readonly auditEnds: AuditEndRow;
  readonly cases: ThingRow;
  readonly reports: ThingRow;
  readonly pictures: ThingRow;
  readonly pictureKeys: ThingRow;
  readonly decisions: ThingRow;
  readonly sanctions: ThingRow;
  readonly strikes: ThingRow;
  readonly appeals: ThingRow;
  readonly approvals: ThingRow;
  readonly people: ThingRow;
  readonly members: ThingRow;
  readonly settings: ThingRow;
  readonly passkeys: ThingRow;
  readonly passwords: ThingRow;
  readonly consoleSessions: ThingRow;
  readonly signInLinks: ThingRow;
  readonly attempts: ThingRow;
  readonly spentChallenges: ThingRow;
  readonly tallies: ThingRow;
  readonly pairs: ThingRow;
  readonly anchors: ThingRow;
  readonly blocks: ThingRow;
  readonly ageRefusals: ThingRow;
}

export type ThingTable = Exclude<keyof Schema, 'words' | 'wordsKeys' | 'audit' | 'auditEnds'>;

/** A database connection or an open transaction. */
export type Database = Kysely<Schema>;
