import { MemoryStore } from '../src/memory-store.ts';
import { deskContract } from './desk-contract.ts';
import { personContract } from './person-contract.ts';
import { storeContract } from './store-contract.ts';

for (const contract of [deskContract, personContract, storeContract]) {
  contract('memory', async () => new MemoryStore());
}
