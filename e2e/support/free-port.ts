import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';

/** Lowest port to use, which is above the well-known ports. */
const LOWEST = 20_000;
const EPHEMERAL_OF_LINUX = 32_768;
const TRIES_MAX = 1_000;

/**
 * Finds a port that is free for TCP and UDP. It lies outside the kernel's ephemeral range, so no
 * outgoing connection takes it before its use. On Linux the port stays reserved among our processes
 * until this one ends.
 */
export async function freePort(): Promise<number> {
  const end = await ephemeralFrom();
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const port = randomInt(LOWEST, end);
    if ((await claim(port)) && (await isFree(port))) return port;
  }
  throw new Error(`no port is free between ${LOWEST} and ${end}`);
}

/** Returns the first port of the ephemeral range (ip(7), `ip_local_port_range`). */
async function ephemeralFrom(): Promise<number> {
  const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '');
  const from = Number.parseInt(range, 10);
  return from > LOWEST ? from : EPHEMERAL_OF_LINUX;
}

/** The kernel releases the name of an abstract socket (unix(7)) when the process ends. */
async function claim(port: number): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  const holder = createServer();
  holder.listen(`\0farandole-port-${port}`);
  holder.unref();
  return await opened(holder);
}

/** Checks the port at every local address, because some programs listen on all addresses. */
async function isFree(port: number): Promise<boolean> {
  const tcp = createServer();
  const udp = createSocket('udp4');
  tcp.listen(port);
  udp.bind(port);
  const areOpen = await Promise.all([opened(tcp), opened(udp)]);
  const closed = [tcp, udp].filter((_, index) => areOpen[index]).map(close);
  await Promise.all(closed);
  return closed.length === 2;
}

async function opened(socket: Server | Socket): Promise<boolean> {
  try {
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  }
}

async function close(socket: Server | Socket): Promise<void> {
  socket.close();
  await once(socket, 'close');
}
