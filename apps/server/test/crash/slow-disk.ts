/**
 * Loaded before a node that is to be killed: whatever it writes to a file of its own waits a little first.
 * So a kill falls between two steps that are one on a quick disk, and shows which came before which.
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
