import { readFileSync } from 'node:fs';

interface Evidence {
  readonly keys: {
    readonly id: string;
    readonly subject: string;
    readonly seal: string;
    readonly tag: string;
  };
  readonly atWallMs: number;
  readonly receipts: Readonly<Record<string, string>>;
}

const file = new URL('../fixtures/evidence-0.1.0.json', import.meta.url);

/** Receipts by version 0.1.0, and when it made the key that encrypts them. */
export const { receipts: OLD_RECEIPTS, atWallMs: OLD_AT_MS, keys: OLD } = readEvidence();

function readEvidence(): Evidence {
  return JSON.parse(readFileSync(file, 'utf8')) as Evidence;
}

/** The `keys.json` of the server of version 0.1.0 that made `OLD_RECEIPTS`. */
export const OLD_KEYS = {
  format: 2,
  subject: OLD.subject,
  generations: [
    {
      id: 'earlier',
      createdAtWallMs: OLD_AT_MS - 24 * 60 * 60_000,
      seal: Buffer.alloc(32, 1).toString('base64url'),
      tag: Buffer.alloc(32, 2).toString('base64url'),
    },
    { id: OLD.id, createdAtWallMs: OLD_AT_MS, seal: OLD.seal, tag: OLD.tag },
  ],
  words: [{ id: 'words', key: Buffer.alloc(32, 3).toString('base64url') }],
} as const;
