/**
 * A program for the place where a relay is: tries every peer at it, listens there as each of those
 * peers where the machine can be it, and prints what happened as one line of JSON.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';
import type { Endpoint } from './stun-message.ts';
import { answerOf, type TurnAnswer, TurnClient, type TurnUser } from './turn-client.ts';

export interface ProbeOrder {
  readonly server: Endpoint;
  /** The address to come from. */
  readonly from: string;
  readonly user: TurnUser;
  /** Of the relayed address. */
  readonly family: 4 | 6;
  readonly forbidden: readonly string[];
  /** Addresses of this machine that must be reached. */
  readonly allowed: readonly string[];
}

/** What came of one peer. */
export interface PeerOutcome {
  readonly address: string;
  readonly permission: TurnAnswer;
  readonly channel: TurnAnswer;
  /** How many datagrams the peer got; null where this machine cannot be it. */
  readonly heard: number | null;
  /** How many of its echoes came back to the client. */
  readonly echoes: number;
}

export interface ProbeReport {
  readonly allocation: TurnAnswer;
  readonly outcomes: readonly PeerOutcome[];
}

/** Where whoever is at an address listens. */
const PEER_PORT = 5_000;
const FIRST_CHANNEL = 0x4000;
/** How long those that must be reached may take to answer. */
const PATIENCE_MS = 10_000;

async function probe(order: ProbeOrder): Promise<ProbeReport> {
  const client = await TurnClient.open(order.from, order.server, order.user);
  const allocation = answerOf(await client.allocate({ family: order.family }));
  const echoes = new Map<string, number>();
  let onEcho: () => void = () => {};
  client.onData = (data) => {
    const address = data.toString();
    echoes.set(address, (echoes.get(address) ?? 0) + 1);
    onEcho();
  };
  const listeners = new Map<string, Listener | null>();
  const tried: Pick<PeerOutcome, 'address' | 'permission' | 'channel'>[] = [];
  // Those that must be reached come last: what was sent before them has arrived when they answer.
  for (const [i, address] of [...order.forbidden, ...order.allowed].entries()) {
    listeners.set(address, await listenAs(address));
    const peer = { address, port: PEER_PORT };
    const channel = FIRST_CHANNEL + i;
    const data = Buffer.from(address);
    tried.push({
      address,
      permission: await client.createPermission(peer),
      channel: await client.channelBind(channel, peer),
    });
    // Whatever the answers were.
    client.send(peer, data);
    client.sendByChannel(channel, data);
  }
  await new Promise<void>((resolve) => {
    // By the permission and by the channel, both of which must work.
    const isDone = (): boolean => order.allowed.every((address) => echoes.get(address) === 2);
    onEcho = () => {
      if (isDone()) resolve();
    };
    if (isDone()) resolve();
    // A relay that does not deliver is told by what is missing in the report.
    setTimeout(resolve, PATIENCE_MS).unref();
  });
  client.close();
  const outcomes = tried.map((peer) => ({
    ...peer,
    heard: listeners.get(peer.address)?.heard ?? null,
    echoes: echoes.get(peer.address) ?? 0,
  }));
  for (const listener of listeners.values()) listener?.socket.close();
  return { allocation, outcomes };
}

interface Listener {
  readonly socket: Socket;
  heard: number;
}

/** What a socket takes for every address; what is sent there comes to this machine's loopback. */
const WILDCARDS: readonly string[] = ['0.0.0.0', '::'];

/** Echoes what comes; null where this machine does not have the address. */
async function listenAs(address: string): Promise<Listener | null> {
  if (WILDCARDS.includes(address)) return null;
  const isFour = isIPv4(address);
  const socket = isFour ? createSocket('udp4') : createSocket({ type: 'udp6', ipv6Only: true });
  const listener: Listener = { socket, heard: 0 };
  socket.on('message', (data, { address: from, port }) => {
    listener.heard += 1;
    socket.send(data, port, from);
  });
  try {
    socket.bind(PEER_PORT, address);
    await once(socket, 'listening');
    return listener;
  } catch (error) {
    socket.close();
    if (isNotHere(error)) return null;
    throw error;
  }
}

/** Nobody can be at such an address here; a link-local one would want an interface named. */
function isNotHere(error: unknown): boolean {
  return error instanceof Error && /EADDRNOTAVAIL|EINVAL/.test(error.message);
}

const [order = ''] = process.argv.slice(2);
console.log(JSON.stringify(await probe(JSON.parse(order) as ProbeOrder)));
