import { setTimeout as delay } from 'node:timers/promises';
import { assertDefined } from '@farandole/kernel/assert';
import { ACK_AFTER_MS } from '@farandole/protocol/limits';
import { sourceAddress } from './addresses.ts';
import { BareTcpClient, BareWsClient } from './bare-client.ts';
import { atEvenPace } from './even-pace.ts';
import { type GeneratorLoad, LATE_MS, watchOwnCpu } from './generator.ts';
import type { LoadClient } from './load-client.ts';
import type { ClientKind, Order, Tally } from './load-order.ts';
import { answerSignals, exchangeSignals } from './media-signals.ts';
import { Participant } from './participant.ts';
import { peerOf } from './peer.ts';
import { SocketIoClient } from './socket-io-client.ts';

type Counts = Partial<Omit<Tally, 'generator' | 'elapsedMs'>> & Partial<GeneratorLoad>;

const OPENING_MAX = 64;
const TALK_EVERY_MS = 4;
const ACKNOWLEDGE_EVERY_MS = 250;
/**
 * If no message arrived for this long, all acknowledgements have been sent, so the measured
 * round includes their cost.
 */
const ARRIVAL_QUIET_MS = ACK_AFTER_MS + 2 * ACKNOWLEDGE_EVERY_MS;
const ARRIVAL_PATIENCE_MS = 5_000;
/** Time without a match after which a storm of skips counts as finished. */
const STORM_CALM_MS = 1_500;
const COME_AGAIN_MS = 1_000;
const TURNED_AWAY_MAX = 20;

interface Member {
  readonly client: LoadClient;
  isPrepared: boolean;
  hasReported: boolean;
}

export class LoadCrew {
  readonly #groups = new Map<string, Member[]>();
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => {
      const nowMs = performance.now();
      for (const members of this.#groups.values()) {
        for (const { client } of members) client.tick(nowMs);
      }
    }, ACKNOWLEDGE_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** @throws Error when the server refuses a client a request that it grants to every client */
  async run(group: string, order: Order, phase: number): Promise<Tally> {
    const members = this.#groups.get(group) ?? [];
    this.#groups.set(group, members);
    const startedMs = performance.now();
    const share = watchOwnCpu();
    const {
      busiestShare = share(),
      lateShare = 0,
      ...counts
    } = await this.#follow(members, order, phase);
    return {
      done: members.length,
      planned: 0,
      sent: 0,
      delivered: 0,
      refused: 0,
      timesMs: [],
      ...counts,
      generator: { busiestShare, lateShare },
      lost: members.filter(({ client }) => client.lost !== null && client.lost !== 'left').length,
      elapsedMs: performance.now() - startedMs,
      ...(order.do === 'leave' || order.do === 'churn' ? { done: this.#empty(members) } : {}),
    };
  }

  #empty(members: Member[]): number {
    return members.splice(0).length;
  }

  async #follow(members: Member[], order: Order, phase: number): Promise<Counts> {
    switch (order.do) {
      case 'add':
        for (let i = 0; i < order.count; i++) {
          const fresh = { isPrepared: false, hasReported: false };
          const from = sourceAddress(order.first + i);
          const port = order.ports[i % order.ports.length] ?? 0;
          members.push({ client: createClient(order.kind, port, from), ...fresh });
        }
        return {};
      case 'prepare':
        await eachOf(members, prepare);
        return {};
      case 'open':
        await eachOf(members, open);
        return {};
      case 'pair':
        await Promise.all(members.map(({ client }) => client.pair()));
        return {};
      case 'pair-in-turn':
        for (let at = 0; at < members.length; at += 2) {
          const two = members.slice(at, at + 2);
          await Promise.all(two.map(({ client }) => client.pair()));
        }
        return {};
      case 'arrive': {
        const paired: Promise<void>[] = [];
        await eachOf(members, async (member) => {
          await open(member);
          paired.push(member.client.pair());
        });
        await Promise.all(paired);
        return {};
      }
      case 'flash':
        return await flash(members, order.overMs);
      case 'churn':
        await eachOf(members, async (member) => {
          await open(member);
          await member.client.pair();
          await member.client.leave();
        });
        return {};
      case 'come-back':
        await eachOf(members, async ({ client }) => await participantOf(client).comeBack());
        return {};
      case 'choose':
        for (const { client } of members) {
          const person = participantOf(client);
          person.mode = order.mode;
          person.interest = order.interest ?? null;
          if (order.mode === 'video') answerSignals(person);
        }
        return {};
      case 'signal':
        await exchangeSignals(members.map(({ client }) => participantOf(client)));
        return {};
      case 'talk':
        return await talk(
          members.map(({ client }) => client),
          order,
        );
      case 'report':
        return await report(members, order, phase);
      case 'storm':
        return await storm(
          members.map(({ client }) => client),
          order.searches,
        );
      case 'count':
        return { delivered: members.reduce((sum, { client }) => sum + client.delivered, 0) };
      case 'leave':
        await Promise.all(members.map(({ client }) => client.leave()));
        return {};
    }
  }
}

/** Each load process reads it from the environment, which it has from the benchmark. */
const PEER = peerOf(process.env['FARANDOLE_PEERS']);

function createClient(kind: ClientKind, port: number, from: string): LoadClient {
  switch (kind) {
    case 'ours':
      return new Participant(port, from);
    case 'bare-ws':
    case 'bare-bun':
      return new BareWsClient(port, from);
    case 'bare-tcp':
    case 'bare-c':
      return new BareTcpClient(port, from);
    case 'socket-io':
      return new SocketIoClient(port, from);
    case 'peer': {
      const { protocol, events } = assertDefined(PEER, 'FARANDOLE_PEERS is not set');
      return protocol === 'bare'
        ? new BareWsClient(port, from)
        : new SocketIoClient(port, from, events);
    }
  }
}

/** @throws Error on the client of a floor, which has no sessions and no signalling */
function participantOf(client: LoadClient): Participant {
  if (!(client instanceof Participant)) throw new Error('only a participant can do this');
  return client;
}

async function prepare(member: Member): Promise<void> {
  if (member.isPrepared) return;
  await member.client.prepare();
  member.isPrepared = true;
}

async function open(member: Member): Promise<void> {
  await prepare(member);
  await member.client.open();
}

async function eachOf(
  members: readonly Member[],
  work: (member: Member) => Promise<void>,
): Promise<void> {
  const left = members.values();
  const take = async (): Promise<void> => {
    for (const member of left) await work(member);
  };
  await Promise.all(Array.from({ length: OPENING_MAX }, take));
}

/**
 * Sends the planned messages, spread evenly over clients and time. Resolves when all messages
 * have arrived.
 */
async function talk(
  clients: readonly LoadClient[],
  { said, everyMs, durationMs }: Extract<Order, { do: 'talk' }>,
): Promise<Counts> {
  const delivered = (): number => clients.reduce((sum, client) => sum + client.delivered, 0);
  const before = delivered();
  const startedMs = performance.now();
  const perMs = clients.length / everyMs;
  const planned = Math.floor(durationMs * perMs);
  const share = watchOwnCpu();
  let sent = 0;
  let late = 0;
  while (sent < planned) {
    await delay(TALK_EVERY_MS);
    const elapsedMs = performance.now() - startedMs;
    const due = Math.min(planned, Math.floor(elapsedMs * perMs));
    late += lateOf(sent, due, elapsedMs, perMs);
    // Sends the planned number of messages even if the generator is late, so that every client
    // sends the same number.
    while (sent < due) {
      clients[sent % clients.length]?.say(said);
      sent += 1;
    }
  }
  // The CPU share is measured before waiting for the last messages, because idle time would lower
  // it.
  const busiestShare = share();
  let seen = -1;
  let sinceMs = performance.now();
  // Another load process sends messages to these clients too, so the number of messages to expect
  // is unknown. The loop ends when no message has arrived for a while.
  const giveUpAtMs = performance.now() + ARRIVAL_PATIENCE_MS;
  while (performance.now() - sinceMs < ARRIVAL_QUIET_MS && performance.now() < giveUpAtMs) {
    await delay(TALK_EVERY_MS);
    const now = delivered();
    if (now !== seen) {
      seen = now;
      sinceMs = performance.now();
    }
  }
  return {
    planned,
    sent,
    delivered: seen - before,
    busiestShare,
    lateShare: late / Math.max(1, planned),
  };
}

/**
 * Sends reports at an even pace and waits for the server's answer to each.
 * @throws Error on a bare relay, which has no reports
 */
async function report(
  members: readonly Member[],
  { part, durationMs }: Extract<Order, { do: 'report' }>,
  phase: number,
): Promise<Counts> {
  const planned = Math.floor(members.length * part);
  const left = members.filter(({ hasReported }) => !hasReported).slice(0, planned);
  const perS = (1_000 * planned) / durationMs;
  const timesMs: number[] = [];
  let late = 0;
  const pace = { perS, count: left.length, startsInMs: (1_000 * phase) / perS };
  await atEvenPace(pace, (n, dueAtMs) => {
    const member = left[n];
    if (!(member?.client instanceof Participant)) throw new Error('only a participant can report');
    member.hasReported = true;
    if (performance.now() - dueAtMs > LATE_MS) late += 1;
    member.client.onReported = (answer) => {
      if (answer === 'accepted') timesMs.push(performance.now() - dueAtMs);
    };
    member.client.report('scam-or-spam');
  });
  const giveUpAtMs = performance.now() + ARRIVAL_PATIENCE_MS;
  while (timesMs.length < left.length && performance.now() < giveUpAtMs) await delay(TALK_EVERY_MS);
  const delivered = timesMs.length;
  const lateShare = late / Math.max(1, planned);
  return { planned, sent: left.length, delivered, timesMs, lateShare };
}

/**
 * Returns the number of messages that are more than `LATE_MS` late.
 * @param perMs messages due per ms
 */
function lateOf(sent: number, due: number, elapsedMs: number, perMs: number): number {
  const dueInTime = Math.floor((elapsedMs - LATE_MS) * perMs);
  return Math.max(0, Math.min(due, dueInTime) - sent);
}

async function flash(members: readonly Member[], overMs: number): Promise<Counts> {
  const startedMs = performance.now();
  const perMs = members.length / overMs;
  const share = watchOwnCpu();
  const timesMs: number[] = [];
  const coming: Promise<void>[] = [];
  let refused = 0;
  let late = 0;
  while (coming.length < members.length) {
    const elapsedMs = performance.now() - startedMs;
    const due = Math.min(members.length, Math.floor(elapsedMs * perMs));
    late += lateOf(coming.length, due, elapsedMs, perMs);
    for (const member of members.slice(coming.length, due)) {
      const dueAtMs = startedMs + coming.length / perMs;
      const come = async (): Promise<void> => {
        const turnedAway = await comeIn(member);
        refused += turnedAway;
        await member.client.pair();
        timesMs.push(performance.now() - dueAtMs);
      };
      const arrived = come();
      // The code that awaits the promises in `coming` handles a rejection.
      arrived.catch(() => {});
      coming.push(arrived);
    }
    await delay(TALK_EVERY_MS);
  }
  const busiestShare = share();
  await Promise.all(coming);
  return { refused, timesMs, busiestShare, lateShare: late / Math.max(1, members.length) };
}

/**
 * Connects a client and retries if the server refuses. Returns the number of refusals.
 * @throws Error if the connection is lost or the server never accepts
 */
async function comeIn(member: Member): Promise<number> {
  for (let refused = 0; ; refused++) {
    try {
      await open(member);
      return refused;
    } catch (error) {
      if (member.client.lost !== null || refused === TURNED_AWAY_MAX) throw error;
      await delay(COME_AGAIN_MS);
    }
  }
}

/** @throws Error on a bare relay, because that can't match a client a second time */
async function storm(clients: readonly LoadClient[], searches: number): Promise<Counts> {
  const endedAtMs = new Map<string, number>();
  const timesMs: number[] = [];
  const share = watchOwnCpu();
  let matches = 0;
  let lastMs = performance.now();
  for (const client of clients) {
    if (!(client instanceof Participant)) throw new Error('only a participant can skip');
    let left = searches;
    const search = (): void => {
      if (left === 0) return;
      left -= 1;
      client.search();
    };
    let isTold = false;
    client.onMatch = ({ role }) => {
      matches += 1;
      lastMs = performance.now();
      // Only one user of a call skips; the server notifies the other user of the end.
      isTold = role !== 'offerer';
      if (isTold) return;
      endedAtMs.set(client.match, lastMs);
      client.next();
    };
    client.onEnded = () => {
      const askedAtMs = endedAtMs.get(client.match);
      if (isTold && askedAtMs !== undefined) timesMs.push(performance.now() - askedAtMs);
      search();
    };
    search();
  }
  let busiestShare = 0;
  let seenMs = 0;
  while (performance.now() - lastMs < STORM_CALM_MS) {
    await delay(50);
    // The CPU share is measured at the last match, because idle time after the match would lower
    // it.
    if (lastMs !== seenMs) busiestShare = share();
    seenMs = lastMs;
  }
  return { done: matches, timesMs, busiestShare };
}
