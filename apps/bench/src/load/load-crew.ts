import { ACK_AFTER_MS } from '@farandole/protocol/limits';
import { sourceAddress } from './addresses.ts';
import { BareTcpClient, BareWsClient } from './bare-client.ts';
import type { LoadClient, Said } from './load-client.ts';
import { Participant } from './participant.ts';

export type ContenderName = 'ours' | 'bare-ws' | 'bare-tcp';

/** What a load process is told to do, with the clients of one group. */
export type Order =
  /** Adds clients that do nothing yet; `first` is the index of the first of them. */
  | {
      readonly do: 'add';
      readonly kind: ContenderName;
      readonly port: number;
      readonly first: number;
      readonly count: number;
    }
  /** Fetches what they need before they may connect. */
  | { readonly do: 'prepare' }
  /** Connects all of them. */
  | { readonly do: 'open' }
  /** All ask for somebody; done once each has. */
  | { readonly do: 'pair' }
  /** Each connects and asks for somebody as soon as it may; done once each has. */
  | { readonly do: 'arrive' }
  /** Each connects, asks for somebody, and goes once it has; the group is empty then. */
  | { readonly do: 'churn' }
  /** Each says something every so often, one after the other. */
  | {
      readonly do: 'talk';
      readonly said: Said;
      readonly everyMs: number;
      readonly durationMs: number;
    }
  /** Such a part of all reports the stranger of its call, one after the other; each does so once. */
  | { readonly do: 'report'; readonly part: number; readonly durationMs: number }
  /** Each goes on to the next person at once, until it has searched so often. */
  | { readonly do: 'storm'; readonly searches: number }
  /** All go; the group is empty then. */
  | { readonly do: 'leave' };

/** What came of an order. Counts of several processes add up. */
export interface Tally {
  /** Clients that did it; in a storm, clients that were matched, each as often as it was. */
  readonly done: number;
  readonly lost: number;
  /** Messages that the schedule asked for, that were sent, and that came. */
  readonly planned: number;
  readonly sent: number;
  readonly delivered: number;
  readonly elapsedMs: number;
}

/** Connections that are being opened at once, in one process. */
const OPENING_MAX = 64;
/** The schedule of a talk is looked at so often. */
const TALK_EVERY_MS = 4;
const ACKNOWLEDGE_EVERY_MS = 250;
/**
 * After so long without another message all that will come has come, and every acknowledgement has
 * been sent: what a message costs later is paid within its round…
 */
const ARRIVAL_QUIET_MS = ACK_AFTER_MS + 2 * ACKNOWLEDGE_EVERY_MS;
/** …and there is no waiting for longer than this. */
const ARRIVAL_PATIENCE_MS = 5_000;
/** A storm is over when nobody was matched for so long. */
const STORM_CALM_MS = 1_500;

interface Member {
  readonly client: LoadClient;
  isPrepared: boolean;
  hasReported: boolean;
}

/** The clients of one process, in groups: one for each contender of a scenario. */
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

  /** @throws Error when a client is refused what every client may have */
  async run(group: string, order: Order): Promise<Tally> {
    const members = this.#groups.get(group) ?? [];
    this.#groups.set(group, members);
    const startedMs = performance.now();
    const counts = await this.#follow(members, order);
    return {
      done: members.length,
      planned: 0,
      sent: 0,
      delivered: 0,
      ...counts,
      lost: members.filter(({ client }) => client.lost !== null && client.lost !== 'left').length,
      elapsedMs: performance.now() - startedMs,
      ...(order.do === 'leave' || order.do === 'churn' ? { done: this.#empty(members) } : {}),
    };
  }

  #empty(members: Member[]): number {
    return members.splice(0).length;
  }

  async #follow(members: Member[], order: Order): Promise<Partial<Tally>> {
    switch (order.do) {
      case 'add':
        for (let i = 0; i < order.count; i++) {
          const fresh = { isPrepared: false, hasReported: false };
          const from = sourceAddress(order.first + i);
          members.push({ client: createClient(order.kind, order.port, from), ...fresh });
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
      case 'arrive': {
        const paired: Promise<void>[] = [];
        await eachOf(members, async (member) => {
          await open(member);
          paired.push(member.client.pair());
        });
        await Promise.all(paired);
        return {};
      }
      case 'churn':
        await eachOf(members, async (member) => {
          await open(member);
          await member.client.pair();
          await member.client.leave();
        });
        return {};
      case 'talk':
        return await talk(
          members.map(({ client }) => client),
          order,
        );
      case 'report':
        return await report(members, order);
      case 'storm':
        return await storm(
          members.map(({ client }) => client),
          order.searches,
        );
      case 'leave':
        await Promise.all(members.map(({ client }) => client.leave()));
        return {};
    }
  }
}

function createClient(kind: ContenderName, port: number, from: string): LoadClient {
  switch (kind) {
    case 'ours':
      return new Participant(port, from);
    case 'bare-ws':
      return new BareWsClient(port, from);
    case 'bare-tcp':
      return new BareTcpClient(port, from);
  }
}

async function prepare(member: Member): Promise<void> {
  if (member.isPrepared) return;
  member.isPrepared = true;
  await member.client.prepare();
}

async function open(member: Member): Promise<void> {
  await prepare(member);
  await member.client.open();
}

/** Works through the members, `OPENING_MAX` at a time. */
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

/** Says what is due, spread evenly over clients and time, and waits until all of it has come. */
async function talk(
  clients: readonly LoadClient[],
  { said, everyMs, durationMs }: Extract<Order, { do: 'talk' }>,
): Promise<Partial<Tally>> {
  const delivered = (): number => clients.reduce((sum, client) => sum + client.delivered, 0);
  const before = delivered();
  const startedMs = performance.now();
  const perMs = clients.length / everyMs;
  const planned = Math.floor(durationMs * perMs);
  let sent = 0;
  while (sent < planned) {
    await delay(TALK_EVERY_MS);
    const due = Math.min(planned, Math.floor((performance.now() - startedMs) * perMs));
    // Late or not, each client keeps its own pace: who fell behind by a turn leaves it out.
    while (sent < due) {
      clients[sent % clients.length]?.say(said);
      sent += 1;
    }
  }
  let seen = -1;
  let sinceMs = performance.now();
  // What a client gets comes from another process too: quiet is the end, not a number.
  const giveUpAtMs = performance.now() + ARRIVAL_PATIENCE_MS;
  while (performance.now() - sinceMs < ARRIVAL_QUIET_MS && performance.now() < giveUpAtMs) {
    await delay(TALK_EVERY_MS);
    const now = delivered();
    if (now !== seen) {
      seen = now;
      sinceMs = performance.now();
    }
  }
  return { planned, sent, delivered: seen - before };
}

/** Reports at an even pace, and waits until each is answered. @throws Error on a bare relay */
async function report(
  members: readonly Member[],
  { part, durationMs }: Extract<Order, { do: 'report' }>,
): Promise<Partial<Tally>> {
  const planned = Math.floor(members.length * part);
  const left = members.filter(({ hasReported }) => !hasReported).slice(0, planned);
  const startedMs = performance.now();
  let sent = 0;
  let accepted = 0;
  while (sent < left.length) {
    await delay(TALK_EVERY_MS);
    const share = (performance.now() - startedMs) / durationMs;
    const due = Math.min(left.length, Math.floor(planned * share));
    for (; sent < due; sent++) {
      const member = left[sent];
      if (!(member?.client instanceof Participant))
        throw new Error('only a participant can report');
      member.hasReported = true;
      member.client.onReported = (answer) => {
        if (answer === 'accepted') accepted += 1;
      };
      member.client.report('scam-or-spam');
    }
  }
  const giveUpAtMs = performance.now() + ARRIVAL_PATIENCE_MS;
  while (accepted < sent && performance.now() < giveUpAtMs) await delay(TALK_EVERY_MS);
  return { planned, sent, delivered: accepted };
}

/** @throws Error on a bare relay, where nobody can go on to the next person */
async function storm(clients: readonly LoadClient[], searches: number): Promise<Partial<Tally>> {
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
    client.onMatch = ({ role }) => {
      matches += 1;
      lastMs = performance.now();
      // One of the two goes on; the other learns of it, and goes on as well.
      if (role === 'offerer') client.next();
    };
    client.onEnded = search;
    search();
  }
  while (performance.now() - lastMs < STORM_CALM_MS) await delay(50);
  return { done: matches };
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
