import { MemoryStore } from '../src/memory-store.ts';
import { contracts } from './contracts.ts';

contracts('memory', async () => new MemoryStore());
