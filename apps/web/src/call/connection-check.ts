import type { IceServer } from '@farandole/protocol/http-api';
import type { Scheduler } from '../signal/ports.ts';
import { CONNECT_TIMEOUT_MS } from './limits.ts';
import type { RtcConnection, RtcHandler, RtcOptions } from './rtc-handler.ts';

export type IceRoute = 'direct' | 'relay' | 'blocked';

/** In the state `idle` no connection check was requested, or the server isn't reachable. */
export type ConnectionCheckState = 'idle' | 'checking' | IceRoute;

export interface ConnectionCheckOptions {
  /** The STUN and TURN servers of this site's operator. */
  readonly iceServers: readonly IceServer[];
  /** With the policy `relay` calls start over the relay, so the check tests only the relay. */
  readonly policy: RtcOptions['policy'];
}

export type CheckConnection = typeof checkConnection;

/**
 * Checks over which route media can flow. With the policy `all`, a direct connection counts as
 * possible if a STUN server replies. Otherwise the relay is tested with a loopback connection: two
 * allocations and a full handshake without media. Never rejects. Takes at most twice
 * `CONNECT_TIMEOUT_MS`.
 */
export async function checkConnection(
  rtc: RtcHandler,
  scheduler: Scheduler,
  { iceServers, policy }: ConnectionCheckOptions,
): Promise<IceRoute> {
  const attempt = (work: (report: (works: boolean) => void) => readonly RtcConnection[]) =>
    attemptWithin(scheduler, work);
  if (policy === 'all') {
    // With a STUN server, only a server-reflexive candidate shows that the server replied. Host
    // candidates exist even if the network blocks STUN.
    const sign = iceServers.length > 0 ? /^srflx$/u : /^(?:host|srflx)$/u;
    if (await attempt((report) => gather(rtc, { iceServers, policy }, sign, report)))
      return 'direct';
  }
  if (!iceServers.some((each) => each.credential !== undefined)) return 'blocked';
  const works = await attempt((report) => loop(rtc, { iceServers, policy: 'relay' }, report));
  return works ? 'relay' : 'blocked';
}

type Settings = Pick<RtcOptions, 'iceServers' | 'policy'>;

function open(rtc: RtcHandler, settings: Settings, role: RtcOptions['role']): RtcConnection {
  return rtc.connect({
    ...settings,
    role,
    certificate: null,
    tracks: { audio: null, video: null },
    kinds: ['audio'],
  });
}

function gather(
  rtc: RtcHandler,
  settings: Settings,
  sign: RegExp,
  report: (works: boolean) => void,
): readonly RtcConnection[] {
  const connection = open(rtc, settings, 'offerer');
  connection.listen({
    candidate: (candidate) => {
      if (candidate === null) report(false);
      else if (sign.test(/ typ (\w+)/u.exec(candidate.candidate)?.[1] ?? '')) report(true);
    },
    stateChanged: () => {},
    remoteTrack: () => {},
  });
  connection.offer().catch(() => report(false));
  return [connection];
}

function loop(
  rtc: RtcHandler,
  settings: Settings,
  report: (works: boolean) => void,
): readonly RtcConnection[] {
  const offerer = open(rtc, settings, 'offerer');
  const answerer = open(rtc, settings, 'answerer');
  const agreed = Promise.withResolvers<void>();
  const listen = (connection: RtcConnection, other: RtcConnection): void =>
    connection.listen({
      candidate: (candidate) => {
        if (candidate === null) return;
        agreed.promise.then(() => other.addCandidate(candidate)).catch(() => {});
      },
      stateChanged: (state) => {
        if (state === 'connected') report(true);
        if (state === 'failed') report(false);
      },
      remoteTrack: () => {},
    });
  listen(offerer, answerer);
  listen(answerer, offerer);
  const agree = async (): Promise<void> => {
    const { sdp } = await offerer.offer();
    const answer = await answerer.answer(sdp);
    await offerer.accept(answer.sdp);
  };
  agree().then(agreed.resolve, () => report(false));
  return [offerer, answerer];
}

/** Runs `attempt` until it reports a result, at most for `CONNECT_TIMEOUT_MS`. */
async function attemptWithin(
  scheduler: Scheduler,
  work: (report: (works: boolean) => void) => readonly RtcConnection[],
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const cancel = scheduler.after(CONNECT_TIMEOUT_MS, () => resolve(false));
  let connections: readonly RtcConnection[] = [];
  try {
    connections = work(resolve);
    return await promise;
  } catch {
    return false;
  } finally {
    cancel();
    for (const connection of connections) connection.close();
  }
}
