import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Place } from './place.ts';
import { ROOT } from './process.ts';

const SHIPPED = join(ROOT, 'deploy', 'turnserver.conf');

export interface ShippedCoturn {
  readonly secret: string;
  output(): string;
  stop(): Promise<void>;
}

export interface ShippedCoturnOptions {
  /** Where it listens. */
  readonly address: string;
  /** From where it relays; by default where it listens, as docs/turn.md says. */
  readonly relayAddresses?: readonly string[];
  /** Another file than the one that we ship. */
  readonly config?: string;
  /** Whether its output has the lifetime of each session and the code of each error. */
  readonly isVerbose?: boolean;
}

/**
 * A real coturn in a place of its own, by the configuration that we ship. What is added is what
 * docs/turn.md asks an operator for, the address and the secret, and where it keeps its files.
 */
export async function startShippedCoturn(
  place: Place,
  {
    address,
    relayAddresses = [address],
    config = SHIPPED,
    isVerbose = false,
  }: ShippedCoturnOptions,
): Promise<ShippedCoturn> {
  const folder = await mkdtemp(join(tmpdir(), 'farandole-turn-'));
  const secret = 'a-secret-of-this-test-alone';
  const program = place.start('turnserver', [
    '-c',
    config,
    `--listening-ip=${address}`,
    ...relayAddresses.map((relay) => `--relay-ip=${relay}`),
    `--static-auth-secret=${secret}`,
    `--pidfile=${join(folder, 'turn.pid')}`,
    `--userdb=${join(folder, 'turn.db')}`,
    ...(isVerbose ? ['--verbose'] : []),
  ]);
  // Not by what it prints, which it keeps back while that goes to a pipe.
  await listensAt(program.pid, address);
  return {
    secret,
    output: () => program.output(),
    stop: async () => {
      await program.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const PORT = 3_478;
const LOOK_EVERY_MS = 20;

/** Waits until a process listens by UDP at an IPv4 address and coturn's port. */
async function listensAt(pid: number, address: string): Promise<void> {
  // As the kernel writes it: the bytes of the address backwards, since it is a little-endian word.
  const hex = (number: number, digits: number): string =>
    number.toString(16).toUpperCase().padStart(digits, '0');
  const bytes = address.split('.').map((part) => hex(Number(part), 2));
  const socket = `${bytes.toReversed().join('')}:${hex(PORT, 4)}`;
  for (;;) {
    const table = await readFile(`/proc/${pid}/net/udp`, 'utf8').catch(() => null);
    if (table === null) throw new Error('coturn ended before it listened');
    if (table.includes(` ${socket} `)) return;
    await delay(LOOK_EVERY_MS);
  }
}

/** Credentials as a node makes them (docs/turn.md), for a time that may be past. */
export function turnUser(
  session: string,
  secret: string,
  expiresInS = 600,
): { readonly username: string; readonly password: string } {
  const username = `${Math.floor(Date.now() / 1_000) + expiresInS}:${session}`;
  return { username, password: createHmac('sha1', secret).update(username).digest('base64') };
}
