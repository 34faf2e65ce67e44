import { MemoryStore } from '../src/memory-store.ts';
import { consoleContract } from './console-contract.ts';
import { deskContract } from './desk-contract.ts';
import { personContract } from './person-contract.ts';
import { picturesContract } from './pictures-contract.ts';
import { signInContract } from './sign-in-contract.ts';
import { storeContract } from './store-contract.ts';

for (const contract of [
  consoleContract,
  deskContract,
  personContract,
  picturesContract,
  signInContract,
  storeContract,
]) {
  contract('memory', async () => new MemoryStore());
}
