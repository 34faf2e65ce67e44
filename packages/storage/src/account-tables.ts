import type { AccountRecords } from '@farandole/accounts/records';
import { integer, json, orNull, text } from './fields.ts';
import { collection } from './table.ts';

/** How the collections of accounts are stored, see `TABLES`. */
export const ACCOUNT_TABLES = {
  members: collection<AccountRecords['members']>()({
    fields: {
      id: text(),
      name: text(),
      roles: json(),
      atMs: integer(),
      leftAtMs: orNull(integer()),
    },
    derived: {},
    indexes: [],
  }),
  passkeys: collection<AccountRecords['passkeys']>()({
    fields: {
      id: text(),
      member: text(),
      publicKey: text(),
      counter: integer(),
      transports: json(),
      label: text(),
      atMs: integer(),
      usedAtMs: orNull(integer()),
    },
    derived: {},
    indexes: [{ on: ['member'] }],
  }),
  passwords: collection<AccountRecords['passwords']>()({
    fields: {
      id: text(),
      hash: text(),
      lastStep: integer(),
      recoveryCodes: json(),
      atMs: integer(),
    },
    derived: {},
    indexes: [],
  }),
  consoleSessions: collection<AccountRecords['consoleSessions']>()({
    fields: { id: text(), member: text(), way: text(), atMs: integer(), seenAtMs: integer() },
    derived: {},
    indexes: [{ on: ['member'] }, { on: ['seenAtMs'] }],
  }),
  signInLinks: collection<AccountRecords['signInLinks']>()({
    fields: { id: text(), of: text(), by: orNull(text()), atMs: integer() },
    derived: {},
    indexes: [{ on: ['of'] }],
  }),
  attempts: collection<AccountRecords['attempts']>()({
    fields: { id: text(), count: integer(), atMs: integer() },
    derived: {},
    indexes: [{ on: ['atMs'] }],
  }),
  spentChallenges: collection<AccountRecords['spentChallenges']>()({
    fields: { id: text(), atMs: integer() },
    derived: {},
    indexes: [{ on: ['atMs'] }],
  }),
};
