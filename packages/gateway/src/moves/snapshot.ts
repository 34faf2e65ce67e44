import { AssertionError, assertNever } from '@farandole/kernel/assert';
import {
  brandId,
  type ConnectionId,
  type DeviceKeyId,
  type MatchId,
  type SessionId,
  type TicketId,
} from '@farandole/kernel/id';
import { mayWait } from '@farandole/matchmaking/eligibility';
import type { Exchange } from '@farandole/matchmaking/exchange';
import { createTicket } from '@farandole/matchmaking/ticket';
import { type ExchangeWish, isMode, ROLES, SEATS } from '@farandole/protocol/fields';
import type { SessionSnapshot, SocketFacts } from '@farandole/protocol/session-snapshot';
import type { GatewayContext } from '../context.ts';
import type { ConnectionFacts, ReplayedRecord } from '../ports.ts';
import { openCallReceipt } from '../receipts.ts';
import type { Restore } from '../restores.ts';
import type { Search } from '../search.ts';
import { Session } from '../session.ts';
import { mediaKindsOf } from '../signal-policy/media-kinds.ts';
import { checkSdp } from '../signal-policy/sdp.ts';

type Snapshots<State extends SessionSnapshot['activity']['state']> = Extract<
  SessionSnapshot['activity'],
  { state: State }
>;

/**
 * Whether a session may move: it has no call and waits for none here, and no answer of this node to
 * its page is due.
 */
export function isMovable(context: GatewayContext, session: Session): boolean {
  const { state } = session.activity;
  if (state === 'in-call' || state === 'rejoining' || session.deferred !== null) return false;
  if (waitsForOthers(context, session)) return false;
  return session.state.state === 'open' && !context.isWritingOf(session);
}

/** Whether another node gave the session for a call of three whose last session is to come. */
function waitsForOthers(context: GatewayContext, { activity, connection }: Session): boolean {
  if (connection === null || context.connections.get(connection)?.isForwarded !== true) {
    return false;
  }
  if (activity.state === 'searching') return activity.search.place.state === 'promised';
  if (activity.state !== 'restoring') return false;
  const others = context.restores.waiting(activity.restore.receipt.match);
  return others.some((other) => other !== activity.restore && other.receipt.seat === SEATS[0]);
}

/** Returns all that another node needs to continue a session. */
export function takeSnapshot(context: GatewayContext, session: Session): SessionSnapshot {
  const { monotonicMs } = context.now;
  return {
    session: session.id,
    device: session.device,
    secret: session.secret,
    facts: toSocketFacts(session.facts),
    out: { acknowledged: session.out.acknowledged, frames: [...session.out.unacknowledged] },
    in: { taken: session.in.taken, told: session.in.told },
    credits: session.credits.snapshot(monotonicMs),
    age: session.age,
    onlineTold: session.onlineTold,
    isDeviceRefusalTold: session.isDeviceRefusalTold,
    activity: activityOf(session, monotonicMs),
    ended: session.endedMatch,
    notes: [...session.notes],
  };
}

export function toSocketFacts(facts: ConnectionFacts): SocketFacts {
  const { subject, clientAddress, isLocal, network } = facts;
  return { subject, clientAddress, isLocal, ...(network !== undefined && { network }) };
}

export function fromSocketFacts({ subject, ...rest }: SocketFacts): ConnectionFacts {
  return { ...rest, subject: brandId(subject) };
}

function activityOf({ activity }: Session, nowMs: number): SessionSnapshot['activity'] {
  switch (activity.state) {
    case 'searching': {
      const { search } = activity;
      const { lowest, policyVersion, tier, circle, interests, onlyShared, languages } =
        search.ticket;
      const { meeting, community, exchange } = search.ticket;
      const role = ROLES.find((each) => each === search.ticket.role);
      return {
        state: 'searching',
        clientTicket: search.clientTicket,
        mode: search.mode,
        ...(isMode(lowest) && { lowest }),
        ...(role !== undefined && { role }),
        ...(search.question !== null && { question: search.question }),
        ...{ policyVersion, tier, circle, onlyShared },
        interests: [...interests],
        languages: [...languages],
        waitedMs: Math.max(0, Math.round(nowMs - search.startedAtMs)),
        offer: search.offer?.text ?? null,
        ...(meeting !== undefined && { meeting }),
        ...(community !== undefined && { community }),
        ...(exchange !== undefined && { exchange: copyOf(exchange) }),
      };
    }
    case 'restoring': {
      const { token, received } = activity.restore;
      return { state: 'restoring', receipt: token, received };
    }
    case 'idle':
      return { state: 'idle' };
    case 'in-call':
    case 'rejoining':
      throw new AssertionError('a session with a call moves');
    default:
      return assertNever(activity);
  }
}

/**
 * Creates a session from a snapshot, without its activity. Records what the other node recorded of
 * the user.
 */
export function readSession(
  context: GatewayContext,
  snapshot: SessionSnapshot,
  generation: number,
  connection: ConnectionId,
): Session {
  const facts = fromSocketFacts(snapshot.facts);
  const session = new Session(
    brandId<SessionId>(snapshot.session),
    facts.subject,
    brandId<DeviceKeyId>(snapshot.device),
    snapshot.secret,
    connection,
    facts,
  );
  session.generation = generation;
  session.out.restore(snapshot.out);
  session.in.restore(snapshot.in);
  session.credits.restore(snapshot.credits, context.now.monotonicMs);
  // The user may have been refused as a minor on this node meanwhile.
  session.age = context.isAgeRefused(session) ? 'unknown' : snapshot.age;
  session.onlineTold = snapshot.onlineTold;
  session.isDeviceRefusalTold = snapshot.isDeviceRefusalTold;
  session.notes = snapshot.notes;
  session.endedMatch = snapshot.ended === null ? null : brandId<MatchId>(snapshot.ended);
  for (const note of snapshot.notes) {
    context.ports.pairs.recordNote(note as ReplayedRecord, context.now);
  }
  return session;
}

/** Continues a search under a new ticket. Returns null if the search isn't valid on this node. */
export function readSearch(
  context: GatewayContext,
  session: Session,
  activity: Snapshots<'searching'>,
): Search | null {
  const { mode, lowest, policyVersion, tier, circle, interests, onlyShared, languages } = activity;
  const { meeting, community } = activity;
  if (!context.offers(mode) || policyVersion !== context.config.rules.policyVersion) return null;
  const checked =
    activity.offer === null
      ? null
      : checkSdp(activity.offer, 'offer', mediaKindsOf(context.modeRules(mode)));
  const isHeld = checked?.ok === true && context.mayHoldOffer(checked.value.text.length);
  const offer = isHeld ? checked.value : null;
  const made = createTicket({
    id: brandId<TicketId>(context.ports.signer.randomId()),
    node: context.config.node,
    session: session.id,
    subject: session.subject,
    deviceKey: session.device,
    ageBand: 'adult',
    ageState: session.age,
    sanctioned: !context.mayBeIn(session, mode),
    network: context.networkOf(session),
    ...context.partyOf(session),
    ...{ mode, lowest, policyVersion, tier, circle, interests, onlyShared, languages },
    role: activity.role,
    hasOffer: offer !== null,
    meeting,
    community,
    exchange: activity.exchange,
  });
  if (!made.ok || !mayWait(made.value, context.config.rules).ok) return null;
  return {
    session,
    mode,
    clientTicket: activity.clientTicket,
    ticket: made.value,
    startedAtMs: context.now.monotonicMs - activity.waitedMs,
    offer,
    question: activity.question ?? null,
    place: { state: 'parked' },
  };
}

function copyOf({ speaks, learns, helps }: Exchange): ExchangeWish {
  return { speaks: [...speaks], learns: learns.map((one) => ({ ...one })), helps };
}

export function readRestore(
  context: GatewayContext,
  session: Session,
  { receipt: token, received }: Snapshots<'restoring'>,
): Restore | null {
  const receipt = openCallReceipt(context.ports.signer, token);
  return receipt === null ? null : { receipt, token, session, received };
}
