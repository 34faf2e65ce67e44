import type { Kysely } from 'kysely';
import type { Table } from './table.ts';
import type { TABLES } from './tables.ts';

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

/** An encrypted picture. `inBackups` is 1 if backups contain the picture, otherwise 0. */
export interface PictureBytesRow {
  readonly id: string;
  readonly inBackups: number;
  readonly sealed: Uint8Array;
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

export type CollectionName = keyof typeof TABLES;

/** The rows of the collections, as `TABLES` declares them. */
type CollectionRows = {
  readonly [Name in CollectionName]: (typeof TABLES)[Name] extends Table<infer _Entity, infer Row>
    ? Row
    : never;
};

export interface Schema extends CollectionRows {
  readonly words: TextRow;
  readonly wordsKeys: TextKeyRow;
  readonly audit: AuditTableRow;
  readonly auditEnds: AuditEndRow;
  readonly pictureBytes: PictureBytesRow;
}

/** A database connection or an open transaction. */
export type Database = Kysely<Schema>;
