import type { Endpoint } from '../../src/cli/stun-message.ts';
import { TurnClient, TurnError } from '../../src/cli/turn-client.ts';
import { TURN_USERS_PER_NETWORK } from '../../src/limits.ts';
import { parseTurnUrl } from '../../src/net/turn-url.ts';
import { RunEnds } from './ends.ts';
import { TestPage } from './test-page.ts';
import { startTestServer } from './test-server.ts';

/**
 * This program runs in the network namespace of a relay. It starts a server for the relay and lets
 * users and an attacker use both. It prints one line of JSON.
 *
 * Arguments: the relay's address and its shared secret.
 */
const [relay = '', secret = ''] = process.argv.slice(2);

/** Number of requests without a session. With credentials for each, they would fill the relay. */
const POSTS = 223;
/** Number of the attacker's sessions. They very likely get all TURN user names of its network. */
const SESSIONS = 150;
const PEOPLE = 40;
const QUOTA_REACHED = 486;
const ATTACKER = '127.6.6.6';

export interface RelayCrowd {
  readonly posts: number;
  /** Number of replies, to requests without a session, with ICE servers or a user name. */
  readonly repliesWithCredentials: number;
  readonly afterPosts: string;
  /** Number of different TURN user names that the attacker's sessions got. */
  readonly users: number;
  /** Maximum number of allocations that the attacker held at a time. */
  readonly occupied: number;
  readonly whileOccupied: string;
  readonly people: number;
  /** Number of users of one network who held allocations together and got a peer's packet. */
  readonly connected: number;
}

interface Credentials {
  readonly url: string;
  readonly username: string;
  readonly credential: string;
}

const ends = new RunEnds();
const server = await startTestServer(ends, {
  env: {
    FARANDOLE_TURN_URLS: `turn:${relay}:3478?transport=udp`,
    FARANDOLE_TURN_SECRET: secret,
    FARANDOLE_CONNECTIONS_PER_NETWORK_MAX: '1000',
  },
});

/** Opens a session from an address. Returns the TURN credentials that the session got. */
async function credentialsOf(from: string): Promise<Credentials> {
  const { ice } = await new TestPage(ends, server.port, { from }).start();
  const found = ice.iceServers.find(({ credential }) => credential !== undefined);
  const { urls = [], username = '', credential = '' } = found ?? {};
  return { url: urls[0] ?? '', username, credential };
}

function clientOf({ url, username, credential }: Credentials): TurnClient {
  const parsed = parseTurnUrl(url);
  if (parsed === null) throw new Error(`no credentials: ${username}`);
  const client = new TurnClient(parsed, { username, credential });
  ends.after(() => client.close());
  return client;
}

async function allocates(from: string): Promise<string> {
  try {
    return (await clientOf(await credentialsOf(from)).allocate()).address;
  } catch (error) {
    return String(error);
  }
}

/** Allocates with one user name until the relay refuses. Returns the number of allocations. */
async function exhaust(credentials: Credentials): Promise<number> {
  for (let held = 0; ; held++) {
    try {
      await clientOf(credentials).allocate();
    } catch (error) {
      if (!(error instanceof TurnError) || error.fault.fault !== 'refused') throw error;
      if (error.fault.code !== QUOTA_REACHED) throw error;
      return held;
    }
  }
}

async function attack(): Promise<{ readonly users: number; readonly occupied: number }> {
  const byUser = new Map<string, Credentials>();
  for (let i = 0; i < SESSIONS && byUser.size < TURN_USERS_PER_NETWORK; i++) {
    const credentials = await credentialsOf(ATTACKER);
    byUser.set(credentials.username.replace(/^[0-9]+:/, ''), credentials);
  }
  const held = await Promise.all([...byUser.values()].map(exhaust));
  return { users: byUser.size, occupied: held.reduce((sum, count) => sum + count, 0) };
}

/** Lets people of one network allocate, and then send to each other in pairs through the relay. */
async function connectPeople(): Promise<number> {
  const people = await Promise.all(
    Array.from({ length: PEOPLE }, async (_, i) => {
      const client = clientOf(await credentialsOf(`127.7.7.${i + 1}`));
      return { client, relayed: await client.allocate() };
    }),
  );
  const heard = people.map(async ({ client, relayed }, i) => {
    const other = people[i % 2 === 0 ? i + 1 : i - 1];
    if (other === undefined) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    client.listen((from, data) => {
      if (isSame(from, other.relayed) && data.toString() === 'hello') resolve(true);
    });
    await client.permit(other.relayed.address);
    const send = (): void => void other.client.send(relayed, Buffer.from('hello'));
    const resend = setInterval(send, 200);
    const silence = setTimeout(() => resolve(false), 10_000);
    return await promise.finally(() => {
      clearInterval(resend);
      clearTimeout(silence);
    });
  });
  return (await Promise.all(heard)).filter(Boolean).length;
}

function isSame(one: Endpoint, other: Endpoint): boolean {
  return one.address === other.address && one.port === other.port;
}

let repliesWithCredentials = 0;
for (let i = 0; i < POSTS; i++) {
  const reply = await new TestPage(ends, server.port, { from: ATTACKER }).getTicket();
  if (/iceServers|username|turn:/.test(JSON.stringify(reply))) repliesWithCredentials += 1;
}
const afterPosts = await allocates('127.8.8.8');
const connected = await connectPeople();
const { users, occupied } = await attack();
const whileOccupied = await allocates('127.9.9.9');
const crowd: RelayCrowd = {
  posts: POSTS,
  ...{ repliesWithCredentials, afterPosts, users, occupied, whileOccupied },
  people: PEOPLE,
  connected,
};
console.log(JSON.stringify(crowd));
// The relay and its allocations end with the namespace.
process.exit(0);
