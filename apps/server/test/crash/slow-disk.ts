/**
 * This module is loaded into a node before the node's own code. It delays every write to the
 * node's files, so that a kill falls between steps that happen at once on a fast disk.
 */
import { promises as fs } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { setTimeout as after } from 'node:timers/promises';

const SLOW_MS = 15;

const { open } = fs;

const slow = <Args extends unknown[], Outcome>(work: (...args: Args) => Promise<Outcome>) => {
  return async (...args: Args): Promise<Outcome> => {
    await after(Math.random() * SLOW_MS);
    return await work(...args);
  };
};

Object.assign(fs, {
  open: async (...args: Parameters<typeof open>) => {
    const file = await open(...args);
    return Object.assign(file, {
      write: slow(file.write.bind(file)),
      datasync: slow(file.datasync.bind(file)),
      truncate: slow(file.truncate.bind(file)),
    });
  },
});
syncBuiltinESMExports();
