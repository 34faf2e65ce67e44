import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Config } from '../config.ts';
import { turnCredential } from '../net/turn-credentials.ts';
import type { TurnUrl } from '../net/turn-url.ts';
import type { Finding } from './finding.ts';
import type { Endpoint } from './stun-message.ts';
import { TURN_TIMEOUT_MS, TurnClient, TurnError, type TurnFault } from './turn-client.ts';

/** A public address that is no relay. The check requests permission for it but sends no packet. */
const ELSEWHERE = '8.8.8.8';
const FORBIDDEN = 403;
const RESEND_EVERY_MS = 250;

/**
 * Checks that each TURN server accepts fresh credentials, relays between two of its own
 * allocations, and relays to no other address.
 */
export async function examineRelay(config: Config, nowMs: number): Promise<readonly Finding[]> {
  const about = 'relay';
  const { turnUrls, turnSecret } = config;
  if (turnUrls.length === 0 || turnSecret === null) {
    const says = 'none is set: users on some networks can’t connect by video. See docs/turn.md.';
    return [{ about, is: 'warn', says }];
  }
  const allowed = new Set(config.turnRelayAddresses ?? []);
  const lost = new Set<string>();
  for (const { host } of turnUrls) {
    const found = isIP(host) === 0 ? await addressesOf(host) : [host];
    if (found.length === 0) lost.add(host);
    if (config.turnRelayAddresses === null) for (const address of found) allowed.add(address);
  }
  if (lost.size > 0) {
    const says = `no address found for ${[...lost].join(', ')}: fix the name`;
    return [{ about, is: 'fail', says }];
  }
  const check = { secret: turnSecret, nowMs, allowed };
  return await Promise.all(
    turnUrls.map(async (url): Promise<Finding> => {
      const problem = await problemOf(url, check);
      return problem === null
        ? { about, is: 'ok', says: `${url.url} relays to itself and refuses ${ELSEWHERE}` }
        : { about, is: 'fail', says: `${url.url} ${problem}` };
    }),
  );
}

async function addressesOf(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}

interface RelayCheck {
  readonly secret: string;
  readonly nowMs: number;
  /** Relay addresses that the server allows in users' relay candidates. */
  readonly allowed: ReadonlySet<string>;
}

/** Returns what is wrong with a TURN server and how to fix it; null if nothing is. */
async function problemOf(url: TurnUrl, check: RelayCheck): Promise<string | null> {
  const credential = turnCredential(check.secret, 'doctor-0', check.nowMs);
  const clients = [new TurnClient(url, credential), new TurnClient(url, credential)] as const;
  try {
    return await problemBetween(clients, url, check);
  } finally {
    await Promise.all(clients.map((client) => client.close()));
  }
}

async function problemBetween(
  [one, other]: readonly [TurnClient, TurnClient],
  url: TurnUrl,
  { allowed }: RelayCheck,
): Promise<string | null> {
  let relayed: readonly [Endpoint, Endpoint];
  try {
    relayed = [await one.allocate(), await other.allocate()];
  } catch (error) {
    return allocationProblem(faultOf(error), url);
  }
  const [{ address }] = relayed;
  if (!allowed.has(address)) {
    return `relays from ${address}, and the server drops such candidates. Set FARANDOLE_TURN_RELAY_IPS=${address}.`;
  }
  const own = (await refusalOf(one, address)) ?? (await refusalOf(other, address));
  if (own !== null) {
    return own === FORBIDDEN
      ? `refuses its own address ${address} (403), so no relayed call connects. Set allowed-peer-ip in turnserver.conf to the same address as relay-ip.`
      : `refuses a permission for its own address ${address} (${own}).`;
  }
  const elsewhere = await refusalOf(one, ELSEWHERE);
  if (elsewhere === null) {
    return `relays to ${ELSEWHERE} too, so its users can send packets to any address through it. Copy the lines denied-peer-ip of deploy/turnserver.conf.`;
  }
  if (elsewhere !== FORBIDDEN) return `answers ${elsewhere} for ${ELSEWHERE} instead of 403.`;
  return (await passes(one, other, relayed))
    ? null
    : `relays no packet to itself. Let its firewall pass UDP from ${address} to ${address}, ports 49152–65535. Behind a NAT, set external-ip=PUBLIC/PRIVATE in turnserver.conf.`;
}

function allocationProblem(fault: TurnFault, { url, transport, scheme }: TurnUrl): string {
  switch (fault.fault) {
    case 'silent': {
      const protocol = scheme === 'turn' && transport !== 'tcp' ? 'UDP' : 'TCP';
      return `doesn’t answer within ${TURN_TIMEOUT_MS / 1_000} s. Start coturn, and open the port for ${protocol} in the firewall.`;
    }
    case 'unreachable':
      return scheme === 'turns'
        ? `can’t be reached by TLS (${fault.code}). Check tls-listening-port, cert and pkey in turnserver.conf.`
        : `can’t be reached (${fault.code}). Start coturn, and open the port in the firewall.`;
    case 'refused':
      if (fault.code === 401) {
        return 'refuses fresh credentials (401). Its static-auth-secret must equal FARANDOLE_TURN_SECRET, and both machines need the correct date.';
      }
      return fault.code === 486
        ? 'has no allocation left (486). Raise user-quota and total-quota in turnserver.conf.'
        : `refuses an allocation for ${url} (${fault.code}). Its log says why.`;
  }
}

/** Returns the error code with which the relay refuses a peer; null if it permits the peer. */
async function refusalOf(client: TurnClient, address: string): Promise<number | 'silent' | null> {
  try {
    await client.permit(address);
    return null;
  } catch (error) {
    const fault = faultOf(error);
    return fault.fault === 'refused' ? fault.code : 'silent';
  }
}

/** Whether a packet of one allocation reaches the other one. Sends several, as UDP loses some. */
async function passes(
  one: TurnClient,
  other: TurnClient,
  [, target]: readonly [Endpoint, Endpoint],
): Promise<boolean> {
  const heard = Promise.withResolvers<boolean>();
  other.listen(() => heard.resolve(true));
  const send = (): void => {
    one.send(target, Buffer.from('doctor')).catch(() => heard.resolve(false));
  };
  const resend = setInterval(send, RESEND_EVERY_MS);
  const silence = setTimeout(() => heard.resolve(false), TURN_TIMEOUT_MS);
  send();
  try {
    return await heard.promise;
  } finally {
    clearInterval(resend);
    clearTimeout(silence);
  }
}

/** @throws the given error if it isn't a `TurnError` */
function faultOf(error: unknown): TurnFault {
  if (error instanceof TurnError) return error.fault;
  throw error;
}
