import type { Records } from '@farandole/moderation/store/records';
import { KyselyAudit } from './kysely-audit.ts';
import { KyselyCollection } from './kysely-collection.ts';
import { KyselyFolds } from './kysely-folds.ts';
import { KyselyKeys } from './kysely-keys.ts';
import { KyselyPictureBytes } from './kysely-picture-bytes.ts';
import { KyselyTexts } from './kysely-texts.ts';
import type { Database } from './schema.ts';
import type { StoreSeals } from './store-seals.ts';
import { TABLES } from './tables.ts';

/** Creates the collections of all records in SQL, for SQLite and PostgreSQL. */
export function kyselyRecords(db: Database, { words, audit }: StoreSeals): Records {
  const keys = new KyselyKeys(db, audit);
  return {
    cases: new KyselyCollection(db, 'cases', TABLES.cases),
    reports: new KyselyCollection(db, 'reports', TABLES.reports),
    pictures: new KyselyCollection(db, 'pictures', TABLES.pictures),
    pictureKeys: new KyselyCollection(db, 'pictureKeys', TABLES.pictureKeys),
    pictureBytes: new KyselyPictureBytes(db),
    folds: new KyselyFolds(db),
    decisions: new KyselyCollection(db, 'decisions', TABLES.decisions),
    sanctions: new KyselyCollection(db, 'sanctions', TABLES.sanctions),
    strikes: new KyselyCollection(db, 'strikes', TABLES.strikes),
    appeals: new KyselyCollection(db, 'appeals', TABLES.appeals),
    approvals: new KyselyCollection(db, 'approvals', TABLES.approvals),
    people: new KyselyCollection(db, 'people', TABLES.people),
    members: new KyselyCollection(db, 'members', TABLES.members),
    settings: new KyselyCollection(db, 'settings', TABLES.settings),
    serverState: new KyselyCollection(db, 'serverState', TABLES.serverState),
    passkeys: new KyselyCollection(db, 'passkeys', TABLES.passkeys),
    passwords: new KyselyCollection(db, 'passwords', TABLES.passwords),
    consoleSessions: new KyselyCollection(db, 'consoleSessions', TABLES.consoleSessions),
    signInLinks: new KyselyCollection(db, 'signInLinks', TABLES.signInLinks),
    attempts: new KyselyCollection(db, 'attempts', TABLES.attempts),
    spentChallenges: new KyselyCollection(db, 'spentChallenges', TABLES.spentChallenges),
    tallies: new KyselyCollection(db, 'tallies', TABLES.tallies),
    pairs: new KyselyCollection(db, 'pairs', TABLES.pairs),
    anchors: new KyselyCollection(db, 'anchors', TABLES.anchors),
    blocks: new KyselyCollection(db, 'blocks', TABLES.blocks),
    ageRefusals: new KyselyCollection(db, 'ageRefusals', TABLES.ageRefusals),
    pushes: new KyselyCollection(db, 'pushes', TABLES.pushes),
    words: new KyselyTexts(db, words, keys),
    keys,
    audit: new KyselyAudit(db, audit),
  };
}
