import { brandId, type SubjectId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { helloPayload } from '@farandole/protocol/hello-payload';
import { SESSION_TICKET_LIFETIME_MS } from '@farandole/protocol/limits';
import type { ServerMessage } from '@farandole/protocol/server-message';
import { PROTOCOL_VERSION } from '@farandole/protocol/version';
import { FakeDevice } from '../support/fake-signer.ts';
import { closes, type Expectation } from './expectation.ts';
import type { Loot, StolenSession } from './loot.ts';
import type { Network, PageEnd, SimConnection } from './network.ts';
import { PageLog } from './page-log.ts';
import { type ClientAddress, drawAddress } from './rules.ts';
import { alter, MALFORMED, NEVER_SENT } from './sabotage.ts';
import type { Scheduler } from './scheduler.ts';

interface IntruderParts {
  readonly scheduler: Scheduler;
  readonly network: Pick<Network, 'connect'>;
  readonly prng: Prng;
}

interface Saying {
  readonly text: string;
  /** Outcome that the attack must have, or null if several outcomes are allowed. */
  readonly expects: Expectation | null;
}

const STAYS_MS = 500;

/** A socket that answers the challenge with the attack's frames and sends nothing afterwards. */
class Intruder implements PageEnd {
  readonly log: PageLog;
  readonly place: ClientAddress;
  readonly #parts: IntruderParts;
  readonly #answer: (nonce: string) => readonly Saying[];
  readonly #connection: SimConnection;

  constructor(
    parts: IntruderParts,
    subject: SubjectId,
    device: FakeDevice,
    answer: (nonce: string) => readonly Saying[],
  ) {
    this.log = new PageLog(subject, device.publicKey);
    this.place = drawAddress(parts.prng);
    this.#parts = parts;
    this.#answer = answer;
    this.#connection = parts.network.connect(this);
  }

  opened(): void {}

  heard(message: ServerMessage): void {
    if (message.type === 'session.challenge') {
      for (const { text, expects } of this.#answer(message.nonce)) {
        if (expects !== null) this.log.expects.set(text, expects);
        this.#connection.sendUp({ text, message: null });
      }
    } else if (message.type === 'session.opened') {
      this.#parts.scheduler.after(STAYS_MS, () => this.#connection.closeByPage(1001));
    }
  }

  closed(): void {}
}

export interface BreakInParts extends IntruderParts {
  readonly loot: Loot;
  readonly mintTicket: (subject: SubjectId) => string;
}

type Hello = ClientMessageOf<'session.hello'>;

const SOCKETS_AT_ONCE = 24;

/**
 * The node must close the socket because of its ticket. It may also close the socket because the
 * node is full or draining.
 */
const TURNED_AWAY = closes('GW-11', 'ticket-refused', 'server-moving', 'too-many');
const NO_SUCH_SESSION = closes('GW-10', 'session-reset');
/**
 * Also allows the close reason `superseded`, because the real page may have resumed the session
 * on a newer socket.
 */
const NOT_FROM_THERE = closes('GW-10', 'session-reset', 'superseded');
const NOT_THAT_DEVICE = closes('GW-11', 'device-refused', 'ticket-refused');

/** An attack on the hello. @param who a cookie that no other client uses */
type BreakIn = (parts: BreakInParts, who: SubjectId, prng: Prng) => void;

/** The attacks that need no session of their own, by name. */
export const BREAK_INS = {
  silence: (parts, who) => intrude(parts, who, () => []),

  'many sockets': (parts, who) => {
    for (let i = 0; i < SOCKETS_AT_ONCE; i++) intrude(parts, who, () => []);
  },

  'no hello': (parts, who, prng) =>
    intrude(parts, who, () => [
      prng.chance(0.5)
        ? { text: prng.pick(MALFORMED), expects: closes('GW-2', 'malformed') }
        : { text: '{"type":"session.leave"}', expects: closes('GW-2', 'out-of-order') },
    ]),

  'another version': (parts, who) =>
    intrude(parts, who, (nonce) => [
      {
        text: JSON.stringify({ ...sayHello(parts, who, nonce), version: PROTOCOL_VERSION + 1 }),
        expects: closes('GW-2', 'version-unsupported'),
      },
    ]),

  "another's ticket": (parts, who, prng) => {
    const stolen = prng.pick(parts.loot.sessions).subject;
    const ticket = parts.mintTicket(stolen);
    intrude(parts, who, (nonce) => [hello(who, nonce, { ticket }, TURNED_AWAY)]);
  },

  'a forged ticket': (parts, who, prng) => {
    const ticket = alter(parts.mintTicket(who), prng);
    intrude(parts, who, (nonce) => [hello(who, nonce, { ticket }, TURNED_AWAY)]);
  },

  'a token that is no ticket': (parts, who, prng) => {
    const { receipt, secret } = prng.pick(parts.loot.sessions);
    const ticket = prng.chance(0.5) ? receipt : secret;
    intrude(parts, who, (nonce) => [hello(who, nonce, { ticket }, TURNED_AWAY)]);
  },

  'a ticket twice': (parts, who) => {
    const ticket = parts.mintTicket(who);
    for (const afterMs of [0, 2_000]) {
      parts.scheduler.after(afterMs, () => {
        intrude(parts, who, (nonce) => [hello(who, nonce, { ticket }, null)]);
      });
    }
  },

  'an old ticket': (parts, who) => {
    const ticket = parts.mintTicket(who);
    parts.scheduler.after(SESSION_TICKET_LIFETIME_MS + 1_000, () => {
      intrude(parts, who, (nonce) => [hello(who, nonce, { ticket }, null)]);
    });
  },

  "another device's signature": (parts, who) =>
    intrude(parts, who, (nonce) => {
      const said = sayHello(parts, who, nonce);
      const { signature } = sign(new FakeDevice('another'), nonce, said.ticket ?? '');
      const text = JSON.stringify({ ...said, device: { ...said.device, signature } });
      return [{ text, expects: NOT_THAT_DEVICE }];
    }),

  'a signature of before': (parts, who) =>
    intrude(parts, who, (nonce) => {
      const text = JSON.stringify(sayHello(parts, who, `${nonce.slice(1)}x`));
      return [{ text, expects: NOT_THAT_DEVICE }];
    }),

  /** Resumes a stolen session with its secret, but under another cookie and device key. */
  "another's session": (parts, who, prng) => {
    const { session, secret } = prng.pick(parts.loot.sessions);
    resume(parts, who, new FakeDevice(who), { session, secret });
  },

  /** Resumes a stolen session with its secret and device key, but under another cookie. */
  "another's session, without the cookie": (parts, who, prng) => {
    const { device, session, secret } = prng.pick(parts.loot.sessions);
    resume(parts, who, device, { session, secret });
  },

  /** Resumes a stolen session with its secret and cookie, but with another device key. */
  "another's session, with the cookie": (parts, _who, prng) => {
    const { subject, session, secret } = prng.pick(parts.loot.sessions);
    resume(parts, subject, new FakeDevice('another'), { session, secret });
  },

  /**
   * Resumes a stolen session with all valid secrets, but acknowledges a frame that the node
   * never sent.
   */
  "a session's future": (parts, _who, prng) => {
    const { subject, device, session, secret } = prng.pick(parts.loot.sessions);
    resume(parts, subject, device, { session, secret }, NEVER_SENT, NOT_FROM_THERE);
  },

  /** Resumes a stolen session with its cookie and device key, but without the secret. */
  "another's session, without the secret": (parts, _who, prng) => {
    const { subject, device, session, secret } = prng.pick(parts.loot.sessions);
    const other = parts.loot.sessions.find((each) => each.session !== session);
    const forged = other === undefined || prng.chance(0.5) ? alter(secret, prng) : other.secret;
    resume(parts, subject, device, { session, secret: forged });
  },
} as const satisfies Record<string, BreakIn>;

export type BreakInName = keyof typeof BREAK_INS;
export const BREAK_IN_NAMES = Object.keys(BREAK_INS) as BreakInName[];

/** Runs an attack. Returns false if the attack needs a stolen session and none exists yet. */
export function breakIn(name: BreakInName, parts: BreakInParts, prng: Prng): boolean {
  if (parts.loot.sessions.length === 0) return false;
  const who = brandId<SubjectId>(`intruder-${prng.uint32()}`);
  BREAK_INS[name](parts, who, prng);
  return true;
}

function intrude(
  parts: BreakInParts,
  who: SubjectId,
  answer: (nonce: string) => readonly Saying[],
  device = new FakeDevice(who),
): void {
  void new Intruder(parts, who, device, answer);
}

function resume(
  parts: BreakInParts,
  who: SubjectId,
  device: FakeDevice,
  { session, secret }: Pick<StolenSession, 'session' | 'secret'>,
  received = 0,
  expects = NO_SUCH_SESSION,
): void {
  intrude(
    parts,
    who,
    (nonce) => {
      const said: Hello = {
        type: 'session.hello',
        version: PROTOCOL_VERSION,
        device: sign(device, nonce, session),
        resume: { session, secret, received },
      };
      return [{ text: JSON.stringify(said), expects }];
    },
    device,
  );
}

function sayHello(parts: BreakInParts, who: SubjectId, nonce: string): Hello {
  return helloOf(who, nonce, parts.mintTicket(who));
}

function helloOf(who: SubjectId, nonce: string, ticket: string): Hello {
  const device = sign(new FakeDevice(who), nonce, ticket);
  return { type: 'session.hello', version: PROTOCOL_VERSION, ticket, device };
}

function hello(
  who: SubjectId,
  nonce: string,
  { ticket }: { readonly ticket: string },
  expects: Expectation | null,
): Saying {
  return { text: JSON.stringify(helloOf(who, nonce, ticket)), expects };
}

function sign(device: FakeDevice, nonce: string, bearer: string): Hello['device'] {
  return { publicKey: device.publicKey, signature: device.sign(helloPayload(nonce, bearer)) };
}
