import type { Migration } from 'kysely/migration';
import { moderation } from './0001-moderation.ts';
import { signIn } from './0002-sign-in.ts';
import { consoleQueries } from './0003-console.ts';
import { pictures } from './0004-pictures.ts';
import { ledger } from './0005-ledger.ts';
import { queueOrder } from './0006-queue.ts';
import { networksGo } from './0007-networks-go.ts';
import { replacing } from './0008-replacing.ts';
import { oneOpenCase } from './0009-one-open-case.ts';
import { auditSeals } from './0010-audit-seals.ts';
import { handedOn } from './0011-handed-on.ts';
import { sharedAppeals } from './0012-shared-appeals.ts';
import { appealStanding } from './0013-appeal-standing.ts';
import { standing } from './0014-standing.ts';
import { sealedCases } from './0015-sealed-cases.ts';
import { ageAppeals } from './0016-age-appeals.ts';
import { queuePages } from './0017-queue-pages.ts';
import { typedColumns } from './0018-typed-columns.ts';
import { pushes } from './0019-pushes.ts';
import { exchangeClosure } from './0022-exchange-closure.ts';
import { chosenMeetings } from './0024-chosen-meetings.ts';

/**
 * All migrations in the order of their schema versions. A released migration must never change.
 * From version 0.2.0 on, a migration only adds, unless the minor version is new (ST-7a).
 */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-moderation': moderation,
  '0002-sign-in': signIn,
  '0003-console': consoleQueries,
  '0004-pictures': pictures,
  '0005-ledger': ledger,
  '0006-queue': queueOrder,
  '0007-networks-go': networksGo,
  '0008-replacing': replacing,
  '0009-one-open-case': oneOpenCase,
  '0010-audit-seals': auditSeals,
  '0011-handed-on': handedOn,
  '0012-shared-appeals': sharedAppeals,
  '0013-appeal-standing': appealStanding,
  '0014-standing': standing,
  '0015-sealed-cases': sealedCases,
  '0016-age-appeals': ageAppeals,
  '0017-queue-pages': queuePages,
  '0018-typed-columns': typedColumns,
  '0019-pushes': pushes,
  '0022-exchange-closure': exchangeClosure,
  '0024-chosen-meetings': chosenMeetings,
};
