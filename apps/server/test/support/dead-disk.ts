/**
 * This module is loaded into a node's threads before the node's own code. Each flush of a file then
 * fails as on a disk that no longer answers.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { open } = fs.promises;

const fail = (): never => {
  throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' });
};

Object.assign(fs, { fsyncSync: fail });
Object.assign(fs.promises, {
  open: async (...args: Parameters<typeof open>) =>
    Object.assign(await open(...args), { sync: async () => fail(), datasync: async () => fail() }),
});
syncBuiltinESMExports();
