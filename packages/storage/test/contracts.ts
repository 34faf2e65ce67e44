import type { ModerationStore } from '@farandole/moderation/store/ports';
import { casesContract } from './cases-contract.ts';
import { consoleContract } from './console-contract.ts';
import { deskContract } from './desk-contract.ts';
import { exposuresContract } from './exposures-contract.ts';
import { hostileContract } from './hostile-contract.ts';
import { ledgerContract } from './ledger-contract.ts';
import { ownDataContract } from './own-data-contract.ts';
import { personContract } from './person-contract.ts';
import { picturesContract } from './pictures-contract.ts';
import { safeguardContract } from './safeguard-contract.ts';
import { sharedAppealsContract } from './shared-appeals-contract.ts';
import { signInContract } from './sign-in-contract.ts';
import { storeContract } from './store-contract.ts';

/**
 * Everything a store guarantees.
 * @param open an empty store, possibly reused
 * @param reopen a store that its test closes
 */
export function contracts(
  adapter: string,
  open: () => Promise<ModerationStore>,
  reopen: () => Promise<ModerationStore> = open,
): void {
  casesContract(adapter, open);
  consoleContract(adapter, open);
  deskContract(adapter, open);
  exposuresContract(adapter, open);
  hostileContract(adapter, open);
  ledgerContract(adapter, open);
  ownDataContract(adapter, open);
  personContract(adapter, open);
  picturesContract(adapter, open);
  safeguardContract(adapter, open);
  sharedAppealsContract(adapter, open);
  signInContract(adapter, open);
  storeContract(adapter, open, reopen);
}
