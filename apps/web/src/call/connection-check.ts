import type { IceServer } from '@farandole/protocol/http-api';
import type { Scheduler } from '../signal/ports.ts';
import { CONNECT_TIMEOUT_MS } from './limits.ts';
import type { RtcConnection, RtcHandler, RtcOptions } from './rtc-handler.ts';

/** How a call of this browser would travel, as far as one browser alone can find out. */
export type ConnectionWay = 'direct' | 'relay' | 'blocked';

/** `idle`: nobody has asked, or there is no server to ask. */
export type ConnectionCheckState = 'idle' | 'checking' | ConnectionWay;

export interface ConnectionCheckOptions {
  /** This server's own relay, and no other; empty where it has none. */
  readonly iceServers: readonly IceServer[];
  /** `relay`: calls begin over the relay, so that nothing else need work. */
  readonly policy: RtcOptions['policy'];
}

export type CheckConnection = typeof checkConnection;

/**
 * Finds out how calls would travel. A relay is tried for real: the page connects to itself through
 * it, which takes an allocation at each end and a handshake all the way, and no media. A direct way
 * needs another person to be sure of: that something answers from outside has to do.
 *
 * Never rejects; it is over within twice `CONNECT_TIMEOUT_MS`.
 */
export async function checkConnection(
  rtc: RtcHandler,
  scheduler: Scheduler,
  { iceServers, policy }: ConnectionCheckOptions,
): Promise<ConnectionWay> {
  const hasRelay = iceServers.length > 0;
  const attempt = (work: (told: (works: boolean) => void) => readonly RtcConnection[]) =>
    attemptWithin(scheduler, work);
  if (policy === 'all') {
    // Behind a relay's server, which says from where it was asked, that is the network's answer.
    const sign = hasRelay ? /^srflx$/u : /^(?:host|srflx)$/u;
    if (await attempt((told) => gather(rtc, { iceServers, policy }, sign, told))) return 'direct';
  }
  if (!hasRelay) return 'blocked';
  const works = await attempt((told) => loop(rtc, { iceServers, policy: 'relay' }, told));
  return works ? 'relay' : 'blocked';
}

type Settings = Pick<RtcOptions, 'iceServers' | 'policy'>;

function open(rtc: RtcHandler, settings: Settings, role: RtcOptions['role']): RtcConnection {
  return rtc.connect({
    ...settings,
    role,
    certificate: null,
    tracks: { audio: null, video: null },
  });
}

/** Whether a candidate of such a kind is found. */
function gather(
  rtc: RtcHandler,
  settings: Settings,
  sign: RegExp,
  told: (works: boolean) => void,
): readonly RtcConnection[] {
  const connection = open(rtc, settings, 'offerer');
  connection.listen({
    candidate: (candidate) => {
      if (candidate === null) told(false);
      else if (sign.test(/ typ (\w+)/u.exec(candidate.candidate)?.[1] ?? '')) told(true);
    },
    stateChanged: () => {},
    remoteTrack: () => {},
  });
  connection.offer().catch(() => told(false));
  return [connection];
}

/** Whether the page reaches itself. */
function loop(
  rtc: RtcHandler,
  settings: Settings,
  told: (works: boolean) => void,
): readonly RtcConnection[] {
  const offerer = open(rtc, settings, 'offerer');
  const answerer = open(rtc, settings, 'answerer');
  const agreed = Promise.withResolvers<void>();
  const listen = (connection: RtcConnection, other: RtcConnection): void =>
    connection.listen({
      candidate: (candidate) => {
        if (candidate === null) return;
        // One that came too late is of no use, and no fault.
        agreed.promise.then(() => other.addCandidate(candidate)).catch(() => {});
      },
      stateChanged: (state) => {
        if (state === 'connected') told(true);
        if (state === 'failed') told(false);
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
  agree().then(agreed.resolve, () => told(false));
  return [offerer, answerer];
}

/** Does something with connections until it says whether it works, or the time is over. */
async function attemptWithin(
  scheduler: Scheduler,
  work: (told: (works: boolean) => void) => readonly RtcConnection[],
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const cancel = scheduler.after(CONNECT_TIMEOUT_MS, () => resolve(false));
  let connections: readonly RtcConnection[] = [];
  try {
    connections = work(resolve);
    return await promise;
  } catch {
    // The browser has no connections to give.
    return false;
  } finally {
    cancel();
    for (const connection of connections) connection.close();
  }
}
