import { setTimeout as delay } from 'node:timers/promises';
import { askForTicket } from '@farandole/e2e/http';
import { textFrame } from '@farandole/e2e/web-socket-bytes';
import { type SessionTicketReply, SOCKET_PATH, SUBPROTOCOL } from '@farandole/protocol/http-api';
import { headerLines, proxyHeaders } from '../addresses.ts';
import { LoadSocket } from '../load-socket.ts';
import { Participant } from '../participant.ts';
import { hostileSearch } from './hostile-search.ts';
import { PROXY, type SiegeNetwork, siegeAddress } from './siege-network.ts';
import { allocate, relayUserIn } from './turn-client.ts';

export interface SiegeOrders {
  readonly attack: SiegeAttackName;
  readonly port: number;
  readonly network: SiegeNetwork;
  readonly lastsMs: number;
}

export interface SiegeTally {
  readonly tried: number;
  /** Number of tries that the server granted. */
  readonly taken: number;
  /** Largest number of things that the attacker held at a time, for instance sockets. */
  readonly heldAtMost: number;
}

const WORKERS = 32;
const AFTER_REFUSAL_MS = 50;
/** Number of sockets that the attacker tries to hold, the default maximum of a server. */
const SOCKETS_WANTED = 20_000;

/** Each volley has `FLOOD_SESSIONS * FRAMES_A_SESSION` frames of 10 KB, all sent at once. */
export const FLOOD_SESSIONS = 90;
export const FRAMES_A_SESSION = 20;
const VOLLEY_EVERY_MS = 1_000;

const REPORTS_MAX = 1_600;
const REPORTERS = 8;

const RELAY_WORKERS = 16;
/** `user-quota` in deploy/turnserver.conf. */
export const ALLOCATIONS_A_USER = 30;
export const PINNED_REASON = 'self-harm';

/** One attacker with the addresses of one network. Each attack ends after `lastsMs`. */
class Siege {
  readonly port: number;
  readonly network: SiegeNetwork;
  readonly #untilMs: number;
  #clients = 0;
  #tried = 0;
  #taken = 0;
  #held = 0;
  #heldAtMost = 0;

  constructor({ port, network, lastsMs }: SiegeOrders) {
    this.port = port;
    this.network = network;
    this.#untilMs = performance.now() + lastsMs;
  }

  get tally(): SiegeTally {
    return { tried: this.#tried, taken: this.#taken, heldAtMost: this.#heldAtMost };
  }

  get isOver(): boolean {
    return performance.now() >= this.#untilMs;
  }

  /** Counts tries, and how many of them the server granted. */
  count(taken: number, tried = 1): void {
    this.#tried += tried;
    this.#taken += taken;
  }

  holds(more: number): void {
    this.#held += more;
    this.#heldAtMost = Math.max(this.#heldAtMost, this.#held);
  }

  get held(): number {
    return this.#held;
  }

  nextAddress(): string {
    this.#clients += 1;
    return siegeAddress(this.network, this.#clients);
  }

  /** Repeats an attempt in parallel until the end. A refused attempt is repeated a little later. */
  async repeat(workers: number, attempt: () => Promise<boolean>): Promise<void> {
    const work = async (): Promise<void> => {
      while (!this.isOver) {
        const isTaken = await attempt().catch(() => false);
        this.count(isTaken ? 1 : 0);
        if (!isTaken) await delay(AFTER_REFUSAL_MS);
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
  }

  newcomer(): Participant {
    return new Participant(this.port, PROXY, null, this.nextAddress());
  }
}

/** Opens sockets with a ticket each, and sends nothing on them. */
async function takeSockets(siege: Siege): Promise<void> {
  await siege.repeat(WORKERS, async () => {
    if (siege.held >= SOCKETS_WANTED) return false;
    const headers = proxyHeaders(siege.nextAddress());
    const asked = { port: siege.port, from: PROXY, cookie: null, headers };
    const { answer, cookie } = await askForTicket(asked);
    if (answer.status !== 200) return false;
    const { ticket } = answer.json() as SessionTicketReply;
    let isOpen = false;
    await LoadSocket.open({
      port: siege.port,
      from: PROXY,
      path: SOCKET_PATH,
      headers: [
        `Origin: http://localhost:${siege.port}`,
        `Cookie: ${cookie}`,
        `Sec-WebSocket-Protocol: ${SUBPROTOCOL}, ${ticket}`,
        ...headerLines(headers),
      ],
      onFrame: () => {},
      onClose: () => {
        if (isOpen) siege.holds(-1);
      },
    });
    isOpen = true;
    siege.holds(1);
    return true;
  });
}

async function takeTickets(siege: Siege): Promise<void> {
  await siege.repeat(WORKERS, async () => {
    const headers = proxyHeaders(siege.nextAddress());
    const { answer } = await askForTicket({ port: siege.port, from: PROXY, cookie: null, headers });
    return answer.status === 200;
  });
}

/** Sends volleys of searches that cost a server as much as a frame can. */
async function takeLoop(siege: Siege): Promise<void> {
  while (!siege.isOver) {
    const sessions = Array.from({ length: FLOOD_SESSIONS }, () => siege.newcomer());
    const opened = await Promise.all(
      sessions.map(async (session) => {
        try {
          await session.prepare();
          await session.open();
          return true;
        } catch {
          // The server refuses a socket if the network's share of sockets is used up.
          return false;
        }
      }),
    );
    const volley = sessions
      .filter((_, index) => opened[index] === true)
      .map((session) => ({
        session,
        bytes: Buffer.concat(
          Array.from({ length: FRAMES_A_SESSION }, (_, index) =>
            textFrame(hostileSearch(index, session.takeSequence())),
          ),
        ),
      }));
    for (const { session, bytes } of volley) session.socket?.write(bytes);
    const frames = volley.length * FRAMES_A_SESSION;
    siege.count(frames, FLOOD_SESSIONS * FRAMES_A_SESSION);
    await delay(VOLLEY_EVERY_MS);
    await Promise.all(volley.map(({ session }) => session.leave()));
  }
}

/** Lets pairs of the attacker's own users meet and report each other with a pinned reason. */
async function takeReports(siege: Siege): Promise<void> {
  await siege.repeat(REPORTERS, async () => {
    if (siege.tally.taken >= REPORTS_MAX) return false;
    const person = siege.newcomer();
    const met = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<boolean>();
    person.onMatch = () => met.resolve();
    person.onReported = (answer) => answered.resolve(answer === 'accepted');
    await person.prepare();
    await person.open();
    person.search();
    const isLost = async (): Promise<boolean> => {
      while (person.lost === null && !siege.isOver) await delay(AFTER_REFUSAL_MS);
      return false;
    };
    const lost = isLost();
    const hasMet = await Promise.race([met.promise.then(() => true), lost]);
    if (hasMet) person.report(PINNED_REASON);
    const isAccepted = hasMet && (await Promise.race([answered.promise, lost]));
    await person.leave();
    return isAccepted;
  });
}

/** Takes as many allocations from the relay as each user's credentials allow. */
async function takeRelay(siege: Siege): Promise<void> {
  await siege.repeat(RELAY_WORKERS, async () => {
    const person = siege.newcomer();
    await person.prepare();
    await person.open();
    await person.leave();
    const user = relayUserIn(person.iceServers);
    if (user === null) return false;
    for (let taken = 0; taken < ALLOCATIONS_A_USER && !siege.isOver; taken++) {
      // The socket stays open, because another client at its port couldn't allocate.
      if ((await allocate(user)) === null) return taken > 0;
      siege.holds(1);
    }
    return true;
  });
}

const ATTACKS = {
  sockets: takeSockets,
  tickets: takeTickets,
  loop: takeLoop,
  reports: takeReports,
  relay: takeRelay,
} as const;

export type SiegeAttackName = keyof typeof ATTACKS;

export async function besiege(orders: SiegeOrders): Promise<SiegeTally> {
  const siege = new Siege(orders);
  await ATTACKS[orders.attack](siege);
  return siege.tally;
}
