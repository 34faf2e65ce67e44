import { AssertionError, assertNever } from '@farandole/kernel/assert';
import { brandId, type TicketId } from '@farandole/kernel/id';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { ageStateMeets, seatsOf } from '@farandole/matchmaking/mode';
import { createTicket, type Ticket, type TicketRefusal } from '@farandole/matchmaking/ticket';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { QuestionFault } from '@farandole/protocol/fields';
import { questionFaultOf, tidyQuestion } from '@farandole/protocol/question';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { communityRefusal } from '../community-door.ts';
import type { GatewayContext } from '../context.ts';
import { hourIn, mayWaitFor, opensIn, usualWaitOf } from '../door.ts';
import { defer, deferBehind } from '../facts.ts';
import { moveSoon } from '../moves/drain.ts';
import { send } from '../outbox.ts';
import { meetingOf } from '../private-meeting.ts';
import type { Search } from '../search.ts';
import { parkSearch, submitSearch, wantedBy, withdrawSearch } from '../searches.ts';
import type { Session } from '../session.ts';
import { mediaKindsOf } from '../signal-policy/media-kinds.ts';
import { type CheckedSdp, checkSdp } from '../signal-policy/sdp.ts';

type TicketCreate = ClientMessageOf<'ticket.create'>;
type TicketRefusedReason = ServerMessageOf<'ticket.refused'>['reason'];

export function createSearch(
  context: GatewayContext,
  session: Session,
  message: TicketCreate,
  startedAtMs = context.now.monotonicMs,
): void {
  const refusal = refusalOf(context, session, message);
  if (refusal !== null) {
    refuseTicket(context, session, message, refusal);
    // The page tries again, and then on another node.
    if (refusal === 'server-moving') moveSoon(context, session);
    return;
  }
  const waits = defer(context, session, {
    message,
    handle: () => createSearch(context, session, message, startedAtMs),
    refuse: () => refuseTicket(context, session, message, 'server-busy'),
  });
  if (waits) return;
  const question = readQuestion(context, session, message);
  if (question !== null && question.fault !== null) {
    refuseTicket(context, session, message, 'bad-question', { fault: question.fault });
    return;
  }
  const admitted = admit(context, session, message);
  if (!admitted.ok) {
    refuseTicket(context, session, message, admitted.reason);
    return;
  }
  if (question !== null) {
    const retryAfterMs = Math.ceil(context.questions.take(session, context.now.monotonicMs));
    if (retryAfterMs > 0) {
      refuseTicket(context, session, message, 'too-many-questions', { retryAfterMs });
      return;
    }
  }
  const { ticket, offer } = admitted.value;
  const search: Search = {
    session,
    mode: message.mode,
    clientTicket: message.ticket,
    ticket,
    startedAtMs,
    offer,
    question: question?.text ?? null,
    place: { state: 'in-pool' },
  };
  session.apply({ event: 'began', activity: { state: 'searching', search } });
  context.addSearch(search);
  // The usual wait is that of the open pool.
  const isOrdinary = ticket.community === undefined && ticket.exchange === undefined;
  const usualWaitMs = isOrdinary ? usualWaitOf(context, message.mode) : null;
  const isInRounds = ticket.exchange === undefined && ticket.meeting === undefined;
  const opensInMs = (isInRounds ? hourIn : opensIn)(context, wantedBy(search));
  send(context, session, 'ticket.accepted', {
    ticket: message.ticket,
    interests: [...ticket.interests],
    ...(usualWaitMs === null ? {} : { usualWaitMs }),
    ...(opensInMs === null ? {} : { opensInMs }),
  });
  // The user may have lost the socket while the search waited for the user's facts.
  if (session.connection === null) parkSearch(context, search);
  else submitSearch(context, search);
}

function refuseTicket(
  context: GatewayContext,
  session: Session,
  { ticket }: TicketCreate,
  reason: TicketRefusedReason,
  more: Pick<ServerMessageOf<'ticket.refused'>, 'fault' | 'retryAfterMs'> = {},
): void {
  send(context, session, 'ticket.refused', { ticket, reason, ...more });
}

interface Question {
  readonly text: string;
  readonly fault: QuestionFault | null;
}

/** Returns the question of a search for a seat that asks one. Null for other seats. */
function readQuestion(
  context: GatewayContext,
  { subject }: Session,
  { mode, role, question }: TicketCreate,
): Question | null {
  if (!seatsOf(context.modeRules(mode), role).some(({ asks }) => asks)) return null;
  const text = tidyQuestion(question ?? '');
  const fault = questionFaultOf(text);
  const isWithdrawn = context.questions.isWithdrawn(subject, text, context.now.monotonicMs);
  return { text, fault: fault === null && isWithdrawn ? 'withdrawn' : fault };
}

export function refuseSearchTooFast(
  context: GatewayContext,
  session: Session,
  message: TicketCreate,
  retryAfterMs: number,
): void {
  const { ticket } = message;
  send(context, session, 'ticket.refused', { ticket, reason: 'too-fast', retryAfterMs });
}

export function widenSearch(
  context: GatewayContext,
  session: Session,
  message: ClientMessageOf<'ticket.widen'>,
): void {
  const handle = () => widenSearch(context, session, message);
  if (deferBehind(context, session, { message, handle })) return;
  const search = openSearch(session, message.ticket);
  if (search === null) return;
  search.ticket = { ...search.ticket, onlyShared: false };
  context.ports.matchmaker.widen(search.ticket.id);
}

/**
 * Withdraws a search. Ignores an unknown search, because it was matched or refused before, and
 * the page is notified of that.
 */
export function withdrawTicket(
  context: GatewayContext,
  session: Session,
  message: ClientMessageOf<'ticket.withdraw'>,
): void {
  const handle = () => withdrawTicket(context, session, message);
  if (deferBehind(context, session, { message, handle })) return;
  const search = openSearch(session, message.ticket);
  if (search !== null) withdrawSearch(context, search);
}

function openSearch(session: Session, clientTicket: string): Search | null {
  const { activity } = session;
  if (activity.state !== 'searching') return null;
  return activity.search.clientTicket === clientTicket ? activity.search : null;
}

interface Admitted {
  readonly ticket: Ticket;
  readonly offer: CheckedSdp | null;
}

/** Returns why a search is refused whatever the store knows about the user. Null if it isn't. */
function refusalOf(
  context: GatewayContext,
  session: Session,
  message: TicketCreate,
): TicketRefusedReason | null {
  if (context.isDraining) return 'server-moving';
  if (session.activity.state === 'searching') return 'already-searching';
  if (session.activity.state !== 'idle') return 'in-a-call';
  if (message.policyVersion !== context.config.rules.policyVersion) return 'policy-changed';
  // The operator may have restarted the server without a mode for which a page searches.
  if (!context.offers(message.mode)) return 'not-offered';
  // A private meeting takes place outside any community.
  const community = message.meeting === undefined ? message.community?.name : undefined;
  if (!mayWaitFor(context, { mode: message.mode, community })) return 'closed';
  const rules = context.modeRules(message.mode);
  const seats = seatsOf(rules, message.role);
  const isMeant = message.question === undefined || seats.some(({ asks }) => asks);
  if (seats.length === 0 || !isMeant) return 'not-offered';
  if (context.isAgeRefused(session) || !ageStateMeets(session.age, rules.ageStateRequired)) {
    return 'age-required';
  }
  if (message.exchange !== undefined) {
    if (!context.config.rules.offersExchange) return 'exchange-off';
    if (context.standingOf(session).exchangeClosed !== undefined) return 'exchange-closed';
  }
  // A user restricted to text may not search for video. A banned user has no session, so no check
  // is needed here.
  const mayNot = context.carriesMedia(message.mode) && context.standingOf(session).may !== 'meet';
  return mayNot ? 'pool-full' : null;
}

function admit(
  context: GatewayContext,
  session: Session,
  message: TicketCreate,
): Result<Admitted, TicketRefusedReason> {
  const meeting =
    message.meeting === undefined ? undefined : meetingOf(context, session, message.meeting);
  const seats = seatsOf(context.modeRules(message.mode), message.role);
  if (meeting === null || (meeting !== undefined && message.role !== undefined)) {
    return refused('meeting-over');
  }
  if (seats.some(({ asks }) => asks) && !context.isProven(session)) return refused('not-proven');
  // A private meeting takes place outside any community.
  const community = meeting === undefined ? message.community : undefined;
  const closed = community === undefined ? null : communityRefusal(context, session, community);
  if (closed !== null) return refused(closed);
  const made = createTicket({
    id: brandId<TicketId>(context.ports.signer.randomId()),
    node: context.config.node,
    session: session.id,
    subject: session.subject,
    deviceKey: session.device,
    mode: message.mode,
    lowest: message.lowest,
    role: message.role,
    ageBand: 'adult',
    ageState: session.age,
    policyVersion: message.policyVersion,
    // The pool applies the same rule as a second check.
    sanctioned: !context.mayBeIn(session, message.mode),
    network: context.networkOf(session),
    ...context.partyOf(session),
    ...context.ports.circles.placeOf(session.subject, context.now.wallMs),
    interests: message.interests,
    onlyShared: message.onlyShared,
    languages: message.languages,
    meeting,
    community: community?.name,
    exchange: message.exchange,
  });
  if (!made.ok) return refused(clientReason(made.reason));
  // The WebRTC offer is checked last, because its check costs more than all others together.
  const offer = usableOffer(context, message);
  if (!offer.ok) return offer;
  return ok({ ticket: { ...made.value, hasOffer: offer.value !== null }, offer: offer.value });
}

/**
 * Returns the SDP offer to store with a search. It is filtered except for its candidates. Returns
 * null if the search has no offer, the mode has no media or the buffer is full. Refuses an offer
 * that no signalling policy accepts.
 */
function usableOffer(
  context: GatewayContext,
  { mode, offer }: TicketCreate,
): Result<CheckedSdp | null, 'bad-offer'> {
  if (offer === undefined || !context.carriesMedia(mode)) return ok(null);
  if (!context.mayHoldOffer(offer.length)) return ok(null);
  const checked = checkSdp(offer, 'offer', mediaKindsOf(context.modeRules(mode)));
  return checked.ok ? checked : refused('bad-offer');
}

function clientReason(reason: TicketRefusal): 'bad-interest' | 'bad-language' | 'bad-exchange' {
  switch (reason) {
    case 'too-many-interests':
    case 'interest-empty':
    case 'interest-too-long':
    case 'interest-has-control-characters':
      return 'bad-interest';
    case 'too-many-languages':
    case 'language-malformed':
      return 'bad-language';
    case 'exchange-count':
    case 'exchange-language':
    case 'exchange-level':
    case 'exchange-same-language':
      return 'bad-exchange';
    case 'id-malformed':
    case 'mode-malformed':
    case 'role-malformed':
    case 'age-band-malformed':
    case 'age-state-unknown':
    case 'policy-version-malformed':
    case 'circle-malformed':
    case 'community-malformed':
      throw new AssertionError(`a ticket accepted by the protocol is malformed: ${reason}`);
    default:
      return assertNever(reason);
  }
}
