import { MemoryStore } from '../src/memory-store.ts';
import { deskContract } from './desk-contract.ts';
import { storeContract } from './store-contract.ts';

for (const contract of [deskContract, storeContract]) {
  contract('memory', async () => new MemoryStore());
}
