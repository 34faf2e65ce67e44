import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { NetworkNamespace } from './network-namespace.ts';
import { ROOT } from './process.ts';

const SHIPPED = join(ROOT, 'deploy', 'turnserver.conf');

export interface ShippedCoturn {
  readonly secret: string;
  output(): string;
  stop(): Promise<void>;
}

export interface ShippedCoturnOptions {
  readonly address: string;
  /** Relay addresses of coturn. By default only `address`, as in docs/turn.md. */
  readonly relayAddresses?: readonly string[];
  /** Addresses to which coturn relays. By default its relay addresses, as in docs/turn.md. */
  readonly allowedPeers?: readonly string[];
  /** Further options of coturn. */
  readonly options?: readonly string[];
  /** Path of coturn's configuration file, by default the shipped one. */
  readonly config?: string;
  /** Whether coturn prints session lifetimes and error codes. */
  readonly isVerbose?: boolean;
}

/**
 * Starts a real coturn in a network namespace. It has the shipped configuration and file locations,
 * and address and secret as in docs/turn.md.
 */
export async function startShippedCoturn(
  place: NetworkNamespace,
  {
    address,
    relayAddresses = [address],
    allowedPeers = relayAddresses,
    options = [],
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
    ...allowedPeers.map((peer) => `--allowed-peer-ip=${peer}`),
    ...options,
    `--static-auth-secret=${secret}`,
    `--pidfile=${join(folder, 'turn.pid')}`,
    `--userdb=${join(folder, 'turn.db')}`,
    ...(isVerbose ? ['--verbose'] : []),
  ]);
  // Waits for the listening sockets, because coturn's output is delayed in a pipe buffer.
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
const POLL_EVERY_MS = 20;

/** Waits until the process listens by UDP at an IPv4 address and coturn's port. */
async function listensAt(pid: number, address: string): Promise<void> {
  // The kernel prints the IPv4 address as a little-endian word.
  const hex = (number: number, digits: number): string =>
    number.toString(16).toUpperCase().padStart(digits, '0');
  const bytes = address.split('.').map((part) => hex(Number(part), 2));
  const socket = `${bytes.toReversed().join('')}:${hex(PORT, 4)}`;
  for (;;) {
    const table = await readFile(`/proc/${pid}/net/udp`, 'utf8').catch(() => null);
    if (table === null) throw new Error('coturn ended before it listened');
    if (table.includes(` ${socket} `)) return;
    await delay(POLL_EVERY_MS);
  }
}

/** Creates TURN credentials as a node does (docs/turn.md). The expiry may be in the past. */
export function turnUser(
  session: string,
  secret: string,
  expiresInS = 600,
): { readonly username: string; readonly password: string } {
  const username = `${Math.floor(Date.now() / 1_000) + expiresInS}:${session}`;
  return { username, password: createHmac('sha1', secret).update(username).digest('base64') };
}
