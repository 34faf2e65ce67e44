import { assertDefined } from '@farandole/kernel/assert';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { NOT_HERE_TO_LEARN } from '@farandole/matchmaking/mode';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { SEATS, type Seat, type TaggedLine } from '@farandole/protocol/fields';
import { REPORT_TEXT_BYTES_MAX } from '@farandole/protocol/limits';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { takesPictures } from '@farandole/protocol/takes-pictures';
import type { Budget } from '../budget/budget.ts';
import { endCall, endingBy, partWaiting, seatRules } from '../calls.ts';
import type { GatewayContext } from '../context.ts';
import { defer } from '../facts.ts';
import { isForged, isNextLine, verifyLine } from '../line-tag.ts';
import { send } from '../outbox.ts';
import { sealPicturesToken } from '../pictures-token.ts';
import type { FirstReport, ReportRecord } from '../ports.ts';
import { type CallReceipt, holderOf, isFresh, openCallReceipt } from '../receipts.ts';
import { createReportCode } from '../report-code.ts';
import type { ReportedCall } from '../reported-call.ts';
import type { KnownReport, ReportIdentity } from '../reports.ts';
import type { Session } from '../session.ts';
import { utf8Length } from '../utf8-length.ts';
import { endWithdrawnQuestion } from './withdrawn-question.ts';

type ReportCreate = ClientMessageOf<'report.create'>;
type ReportRefusal = ServerMessageOf<'report.refused'>['reason'];

/**
 * Handles an abuse report: ends the live call, blocks the pair and writes the report.
 * `report.accepted` is sent once the report is on disk. A report with an invalid receipt or
 * invalid chat lines is refused and changes nothing. If lines are forged, the report is stored
 * without lines and flagged, which counts against the reporter.
 */
export function createReport(
  context: GatewayContext,
  session: Session,
  message: ReportCreate,
): 'malformed' | void {
  const receipt = findReceipt(context, session, message.receipt);
  if (receipt === null) {
    refuseReport(context, session, message.id, 'bad-receipt');
    return;
  }
  // The operator may offer the call's mode no longer.
  const mode = context.config.rules.modes.get(receipt.mode);
  const isOfExchange = receipt.exchange !== null && message.reason === NOT_HERE_TO_LEARN;
  const isOfMode = mode?.reportReasons.includes(message.reason) !== false;
  if (!isOfExchange && (!isOfMode || message.reason === NOT_HERE_TO_LEARN)) return 'malformed';
  const reportedSide = seatAbout(receipt, message.of);
  if (reportedSide === null) return 'malformed';
  const identity = identityOf(receipt, reportedSide);
  const known = context.reports.find(identity, context.now.monotonicMs);
  if (known !== undefined) {
    mergeReport(context, session, message, identity, known);
    return;
  }
  const lines = checkLines(context, receipt, message.lines);
  if (!lines.ok) {
    refuseReport(context, session, message.id, lines.reason);
    return;
  }
  const across = personAt(context, receipt, reportedSide);
  partCall(context, receipt);
  const waits = defer(context, session, {
    message,
    handle: () => void createReport(context, session, message),
    refuse: () => refuseReport(context, session, message.id, 'not-stored'),
  });
  if (waits) {
    const { match, seat: reporterSide } = receipt;
    const parted = { match, by: session.subject, byDevice: session.device, ...across };
    const { id } = message;
    const reported = { kind: 'reported', id, code: '', reporterSide, ...parted } as const;
    context.ports.pairs.record({ ...reported, atWallMs: context.now.wallMs }, context.now);
    return;
  }
  const facts = {
    ...toRecord(context, session, message, receipt, lines.value),
    call: callOf(context, receipt, reportedSide),
    ...(receipt.holders.length > 2 && { reportedSide }),
  };
  const record = { ...facts, ...across };
  noteQuestion(context, record);
  // The pair is kept apart even if the write fails.
  context.ports.pairs.record(record, context.now);
  const waiter = { session, id: message.id };
  context.reports.begin(record, waiter, context.now.monotonicMs);
  if (!context.appendAwaited(record, { write: 'report', record })) {
    settleReport(context, record, false);
  }
}

export function refuseReportTooFast(
  context: GatewayContext,
  session: Session,
  message: ReportCreate,
): void {
  refuseReport(context, session, message.id, 'too-fast');
}

/**
 * Handles the result of storing a report. Notifies every client that waits for the result.
 *
 * @param first the stored report, if the user had already reported the peer in this call
 */
export function settleReport(
  context: GatewayContext,
  record: ReportRecord,
  stored: boolean,
  first: FirstReport = record,
): void {
  const { monotonicMs } = context.now;
  const waiters = context.reports.settle(record, stored ? first : null, monotonicMs);
  for (const { session, id } of waiters) {
    if (stored) acceptReport(context, session, id, first, record);
    else refuseReport(context, session, id, 'not-stored');
  }
  const event = stored ? 'report-stored' : 'report-failed';
  context.ports.observer.observe({ event, reason: record.reason });
}

/**
 * Returns the decoded receipt if the call is the session user's own. Null if the receipt is
 * expired, except during a live call.
 */
export function findReceipt(
  context: GatewayContext,
  session: Session,
  token: string,
): CallReceipt | null {
  const receipt = openCallReceipt(context.ports.signer, token);
  if (receipt === null || holderOf(receipt, receipt.seat)?.subject !== session.subject) return null;
  const counts =
    context.calls.has(receipt.match) || isFresh(receipt.issuedAtWallMs, context.now.wallMs);
  return counts ? receipt : null;
}

/** Ends the call named by a receipt, if the call is live or waits to be restored. */
export function partCall(context: GatewayContext, receipt: CallReceipt): void {
  const call = context.calls.get(receipt.match);
  if (call !== undefined) {
    endCall(context, call, endingBy(receipt.seat, 'you', 'left'));
    return;
  }
  partWaiting(context, receipt.match, receipt.seat);
}

type PersonAt = Pick<ReportRecord, 'of' | 'ofDevice' | 'ofNetwork'>;

/**
 * Returns the ids of a user of a call for a block or report. During a live call, the network is that
 * of the user's current socket, because the user may have moved since the receipt was issued.
 */
export function personAt(context: GatewayContext, receipt: CallReceipt, seat: Seat): PersonAt {
  const holder = holderOf(receipt, seat);
  const { subject, device, network } = assertDefined(holder, 'a user of the call');
  const live = context.calls.get(receipt.match)?.seat(seat).session;
  const ofNetwork = live?.facts.network?.network ?? network;
  return { of: subject, ofDevice: device, ...(ofNetwork !== undefined && { ofNetwork }) };
}

/**
 * Returns the seat of the user whom a block or report is about. Null if the call has no such other
 * user, or has several and the message names none.
 */
export function seatAbout({ seat, holders }: CallReceipt, of: Seat | undefined): Seat | null {
  const others = SEATS.slice(0, holders.length).filter((other) => other !== seat);
  const about = of ?? (others.length === 1 ? others[0] : undefined);
  return others.find((other) => other === about) ?? null;
}

function identityOf(receipt: CallReceipt, reportedSide: Seat): ReportIdentity {
  const { match, seat: reporterSide } = receipt;
  const { subject } = assertDefined(holderOf(receipt, reportedSide), 'a user of the call');
  return { match, reporterSide, of: subject };
}

/**
 * Notes the report of a user who asked a question, because the question is all that they sent. If
 * the report withdraws the question, the user's search with it ends.
 */
function noteQuestion(
  context: GatewayContext,
  { of, from, lines, call, reportedSide }: ReportRecord,
): void {
  const asks = context.config.rules.modes
    .get(call?.mode ?? '')
    ?.seats.some(({ role, asks: isAsker }) => isAsker && role === call?.roles.reported);
  const question = lines.find(({ side }) => side === reportedSide)?.text;
  if (!asks || question === undefined || from === undefined) return;
  context.questions.report(of, question, from.network, context.now.monotonicMs);
  const asker = context.sessionBySubject.get(of);
  if (asker !== undefined) endWithdrawnQuestion(context, asker);
}

function mergeReport(
  context: GatewayContext,
  session: Session,
  { id, reason }: ReportCreate,
  identity: ReportIdentity,
  known: KnownReport,
): void {
  if (known.state === 'stored') {
    acceptReport(context, session, id, known, { ...identity, reason });
    return;
  }
  const waiter = { session, id };
  const joined = context.reports.join(identity, known, waiter, context.now.monotonicMs);
  if (!joined) refuseReport(context, session, id, 'too-fast');
}

type Proof = 'said' | 'contradicted';

/**
 * Checks the chat lines of a report: consecutive, not expired, tagged by this server, and within
 * the size limit. Also detects forged lines.
 */
function checkLines(
  context: GatewayContext,
  { match }: CallReceipt,
  lines: readonly TaggedLine[],
): Result<Proof, 'bad-lines'> {
  // Chat lines and receipts of a live call don't expire.
  const isLive = context.calls.has(match);
  const { signer } = context.ports;
  let bytes = 0;
  let before: TaggedLine | null = null;
  let proof: Proof = 'said';
  for (const line of lines) {
    bytes += utf8Length(line.text);
    const follows = before === null || isNextLine(before.counters, line);
    if (!follows || bytes > REPORT_TEXT_BYTES_MAX) return refused('bad-lines');
    if (!isLive && !isFresh(line.atMs, context.now.wallMs)) return refused('bad-lines');
    if (isForged(signer, match, line)) proof = 'contradicted';
    else if (!verifyLine(signer, match, line)) return refused('bad-lines');
    before = line;
  }
  return ok(proof);
}

function toRecord(
  context: GatewayContext,
  session: Session,
  message: ReportCreate,
  receipt: CallReceipt,
  proof: Proof,
): Omit<ReportRecord, keyof PersonAt | 'call' | 'reportedSide'> {
  const isSaid = proof === 'said';
  const { network: from } = session.facts;
  const isOverBudget = exceedsBudget(context, session, message.reason);
  const lastedMs = context.callDurations.get(receipt.match, context.now.monotonicMs);
  return {
    kind: 'report',
    id: message.id,
    code: createReportCode(context.ports.signer.randomId()),
    match: receipt.match,
    by: session.subject,
    byDevice: session.device,
    reason: message.reason,
    note: message.note ?? null,
    lines: isSaid ? message.lines.map(withoutTag) : [],
    ...(isSaid ? {} : { contradicted: true as const }),
    ...(from !== undefined && { from }),
    ...(lastedMs !== undefined && { lastedMs: Math.floor(lastedMs) }),
    ...(isOverBudget && { overBudget: true as const }),
    reporterSide: receipt.seat,
    atWallMs: context.now.wallMs,
  };
}

/** Returns what the reporter's receipt proves about the call. */
function callOf(
  context: GatewayContext,
  { mode, seat, metBy, community, exchange }: CallReceipt,
  reportedSide: Seat,
): ReportedCall {
  const roleOf = (of: Seat): string | null => seatRules(context, mode, of)?.role ?? null;
  return {
    mode: exchange === null ? mode : `exchange-${mode}`,
    roles: { reporter: roleOf(seat), reported: roleOf(reportedSide) },
    ...(metBy !== undefined && { metBy }),
    ...(community !== undefined && { community }),
  };
}

/**
 * Takes one unit from each report budget of the reporter's network. Reports by proven users and
 * reports that may be about a minor take nothing and never exceed a budget.
 *
 * @returns true if a budget is used up; then nothing was taken
 */
function exceedsBudget(context: GatewayContext, session: Session, reason: string): boolean {
  const { circles, reportBudgets } = context.ports;
  const isFree = reason === 'may-be-under-18';
  if (isFree || circles.isProven(session.subject, context.now.wallMs)) return false;
  const { clientAddress } = session.facts;
  const taken: Budget[] = [];
  for (const budget of reportBudgets) {
    if (budget.take(clientAddress) === 0) {
      taken.push(budget);
      continue;
    }
    for (const earlier of taken) earlier.release(clientAddress);
    return true;
  }
  return false;
}

function withoutTag({ side, counters, atMs, text }: TaggedLine): ReportRecord['lines'][number] {
  return { side, counters, atMs, text };
}

function acceptReport(
  context: GatewayContext,
  session: Session,
  id: string,
  first: FirstReport,
  of: Pick<ReportRecord, 'match' | 'reporterSide' | 'reason'> & { readonly call?: ReportedCall },
): void {
  const merged = id !== first.id;
  const { code } = first;
  const { signer } = context.ports;
  const outcome = signer.outcomeToken(code);
  const hasPictures = of.call?.mode !== 'question';
  // A merged report gets no picture token, because only the store knows the first report's reason
  // and whether it has pictures.
  const pictures =
    context.config.takesPictures && !merged && hasPictures && takesPictures(of.reason)
      ? { pictures: sealPicturesToken(signer, of, context.now.wallMs) }
      : {};
  send(context, session, 'report.accepted', { id, code, outcome, merged, ...pictures });
}

function refuseReport(
  context: GatewayContext,
  session: Session,
  id: string,
  reason: ReportRefusal,
): void {
  send(context, session, 'report.refused', { id, reason });
}
