/**
 * A program for the place where a relay is: asks it for what it must refuse, beside its peers, and
 * prints the answers as one line of JSON.
 */
import { readFile } from 'node:fs/promises';
import { ATTRIBUTE, type Endpoint, errorCodeOf, valueOf } from './stun-message.ts';
import { answerOf, lifetimeOf, type TurnAnswer, TurnClient, type TurnUser } from './turn-client.ts';

export interface RulesOrder {
  readonly server: Endpoint;
  readonly from: string;
  /** Credentials by what is wrong with them. */
  readonly refusedUsers: Readonly<Record<string, TurnUser>>;
  /** Of one session, each made anew; as many allocations as there are users are asked for. */
  readonly sameSession: readonly TurnUser[];
  readonly otherSession: TurnUser;
}

export interface RulesReport {
  readonly withoutCredentials: TurnAnswer;
  readonly refusedUsers: Readonly<Record<string, TurnAnswer>>;
  readonly tcpRelay: TurnAnswer;
  /** RFC 6062's request for a TCP connection to a peer. */
  readonly tcpConnect: TurnAnswer;
  /** Of an IPv6 address, which a relay of IPv4 alone does not have. */
  readonly ipv6: TurnAnswer;
  /** What an hour becomes, in seconds: at the allocation and at a refresh. */
  readonly hourAsked: readonly (number | null)[];
  /** In order. */
  readonly sameSession: readonly TurnAnswer[];
  readonly otherSession: TurnAnswer;
  /** Whether two clients of the relay reached each other through it, as two people do. */
  readonly relayToRelay: boolean;
  /** What a STUN binding tells of the server beside the client's own address. */
  readonly tellsSoftware: boolean;
  readonly tellsOtherAddress: boolean;
  /** `tcp 3478`, `udp 3478` … : every port that somebody listens at, before all this. */
  readonly openPorts: readonly string[];
}

const TCP = 6;
const HOUR_S = 3_600;
/** How long what one client says may take to the other. */
const PATIENCE_MS = 10_000;

async function probe(order: RulesOrder): Promise<RulesReport> {
  const openPorts = await listOpenPorts();
  const clients: TurnClient[] = [];
  const open = async (user: TurnUser | null): Promise<TurnClient> => {
    const client = await TurnClient.open(order.from, order.server, user);
    clients.push(client);
    return client;
  };
  const allocateAs = async (user: TurnUser | null): Promise<TurnAnswer> =>
    answerOf(await (await open(user)).allocate());

  const withoutCredentials = await allocateAs(null);
  const refusedUsers: Record<string, TurnAnswer> = {};
  for (const [fault, user] of Object.entries(order.refusedUsers)) {
    refusedUsers[fault] = await allocateAs(user);
  }
  const tcpRelay = answerOf(await (await open(order.otherSession)).allocate({ transport: TCP }));
  const ipv6 = answerOf(await (await open(order.otherSession)).allocate({ family: 6 }));

  const patient = await open(order.otherSession);
  const allocated = await patient.allocate({ lifetimeS: HOUR_S });
  const hourAsked = [lifetimeOf(allocated), lifetimeOf(await patient.refresh(HOUR_S))];
  const tcpConnect = answerOf(await patient.ask('connect', () => []));
  const relayToRelay = await doReachEachOther(patient, await open(order.otherSession));
  const binding = await patient.ask('binding', () => []);
  if (errorCodeOf(binding) !== null) throw new Error('the server answers no binding request');

  const sameSession: TurnAnswer[] = [];
  for (const user of order.sameSession) sameSession.push(await allocateAs(user));
  const otherSession = await allocateAs(order.otherSession);
  for (const client of clients) client.close();
  return {
    withoutCredentials,
    refusedUsers,
    tcpRelay,
    tcpConnect,
    ipv6,
    hourAsked,
    sameSession,
    otherSession,
    relayToRelay,
    tellsSoftware: valueOf(binding, ATTRIBUTE.software) !== null,
    tellsOtherAddress: valueOf(binding, ATTRIBUTE.otherAddress) !== null,
    openPorts,
  };
}

/** Whether `one`, which has an allocation, reaches another's relayed address with leave of it. */
async function doReachEachOther(one: TurnClient, other: TurnClient): Promise<boolean> {
  await other.allocate();
  if (one.relayed === null || other.relayed === null) return false;
  const heard = new Promise<string>((resolve) => {
    other.onData = (data) => resolve(data.toString());
    setTimeout(resolve, PATIENCE_MS, 'nothing').unref();
  });
  await one.createPermission(other.relayed);
  await other.createPermission(one.relayed);
  one.send(other.relayed, Buffer.from('hello'));
  return (await heard) === 'hello';
}

/** Where the kernel shows what listens: in this place alone, since each has its own. */
const SOCKET_TABLES = ['tcp', 'tcp6', 'udp', 'udp6'] as const;
/** A state of the table's fourth column: a TCP socket that listens, or a UDP one. */
const LISTENS: Readonly<Record<string, string>> = { tcp: '0A', udp: '07' };

async function listOpenPorts(): Promise<string[]> {
  const ports = new Set<string>();
  for (const table of SOCKET_TABLES) {
    const protocol = table.slice(0, 3);
    const [, ...rows] = (await readFile(`/proc/self/net/${table}`, 'utf8')).trim().split('\n');
    for (const row of rows) {
      const [, local = '', , state] = row.trim().split(/\s+/);
      if (state !== LISTENS[protocol]) continue;
      ports.add(`${protocol} ${Number.parseInt(local.split(':')[1] ?? '', 16)}`);
    }
  }
  return [...ports].sort();
}

const [order = ''] = process.argv.slice(2);
console.log(JSON.stringify(await probe(JSON.parse(order) as RulesOrder)));
