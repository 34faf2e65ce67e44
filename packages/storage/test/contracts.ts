import type { ModerationStore } from '@farandole/moderation/store/ports';
import { ageAppealsContract } from './age-appeals-contract.ts';
import { alertsContract } from './alerts-contract.ts';
import { apartContract } from './apart-contract.ts';
import { casesContract } from './cases-contract.ts';
import { communitiesContract } from './communities-contract.ts';
import { consoleContract } from './console-contract.ts';
import { deskContract } from './desk-contract.ts';
import { exposuresContract } from './exposures-contract.ts';
import { hostileContract } from './hostile-contract.ts';
import { ledgerContract } from './ledger-contract.ts';
import { measureAppealsContract } from './measure-appeals-contract.ts';
import { ownDataContract } from './own-data-contract.ts';
import { personContract } from './person-contract.ts';
import { picturesContract } from './pictures-contract.ts';
import { pushContract } from './push-contract.ts';
import { queueContract } from './queue-contract.ts';
import { safeguardContract } from './safeguard-contract.ts';
import { sealedContract } from './sealed-contract.ts';
import { sharedAppealsContract } from './shared-appeals-contract.ts';
import { signInContract } from './sign-in-contract.ts';
import { standingContract } from './standing-contract.ts';
import { storeContract } from './store-contract.ts';

/**
 * Tests everything that a store guarantees, except `floodContract`.
 * @param open opens an empty store, which may be one that an earlier test used
 * @param reopen opens a store that its test closes
 */
export function contracts(
  adapter: string,
  open: () => Promise<ModerationStore>,
  reopen: () => Promise<ModerationStore> = open,
): void {
  shortContracts(adapter, open, reopen);
  otherContracts(adapter, open);
}

/**
 * Tests that each command has the same outcome as in SQLite, that transactions are atomic, and the
 * queries that differ most between databases.
 */
export function shortContracts(
  adapter: string,
  open: () => Promise<ModerationStore>,
  reopen: () => Promise<ModerationStore>,
): void {
  apartContract(adapter, open);
  communitiesContract(adapter, open);
  hostileContract(adapter, open);
  pushContract(adapter, open);
  queueContract(adapter, open);
  storeContract(adapter, open, reopen);
}

/**
 * Tests the remaining rules of a store. Their tests take longer in PostgreSQL, so the long tests
 * run them there.
 */
export function otherContracts(adapter: string, open: () => Promise<ModerationStore>): void {
  ageAppealsContract(adapter, open);
  alertsContract(adapter, open);
  casesContract(adapter, open);
  consoleContract(adapter, open);
  deskContract(adapter, open);
  exposuresContract(adapter, open);
  ledgerContract(adapter, open);
  measureAppealsContract(adapter, open);
  ownDataContract(adapter, open);
  personContract(adapter, open);
  picturesContract(adapter, open);
  safeguardContract(adapter, open);
  sealedContract(adapter, open);
  sharedAppealsContract(adapter, open);
  signInContract(adapter, open);
  standingContract(adapter, open);
}
