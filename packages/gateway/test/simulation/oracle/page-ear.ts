import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import { lineShown, placeOf } from './chat-log.ts';
import type { Expectation } from './expectation.ts';
import type { WorldModel } from './model.ts';
import { Violation } from './violation.ts';

/** The lines of a match that a page has shown are all from some place on. */
export interface LinesShown {
  /** The last of them; 0 before the first. */
  last: number;
  /** Where they begin, at the latest. */
  readonly beginsBy: number;
}

/** What a page has heard, for what the page must never hear. */
export class PageEar {
  readonly subject: string;
  readonly deviceKey: string;
  /** The last sequenced frame shown to the person. */
  taken = 0;
  /** Its side of each match, by the match's id. */
  readonly sides = new Map<string, 'a' | 'b'>();
  /** The latest epoch of each match that it has heard of. */
  readonly epochs = new Map<string, number>();
  /** What it has shown of the lines of each match. */
  readonly lines = new Map<string, LinesShown>();
  readonly ended = new Set<string>();
  /** The call that the person is shown to be in. */
  call: string | null = null;
  /** What must come of frames that no honest page says, by their text. */
  readonly expects = new Map<string, Expectation>();

  constructor(subject: string, deviceKey: string) {
    this.subject = subject;
    this.deviceKey = deviceKey;
  }
}

/**
 * A frame reaches the page.
 *
 * @returns whether it is new to the page; a resume brings copies
 */
export function hearAtPage(model: WorldModel, ear: PageEar, message: ServerMessage): boolean {
  if (message.type === 'session.opened') {
    ear.taken = 0;
    ear.call = null;
  }
  if ('seq' in message) {
    if (message.seq <= ear.taken) return false;
    if (message.seq !== ear.taken + 1) {
      throw new Violation('I6', `${ear.subject} got frame ${message.seq} after ${ear.taken}`);
    }
    ear.taken = message.seq;
  }
  if ('match' in message && 'epoch' in message && ear.ended.has(message.match)) {
    throw new Violation('I7', `${ear.subject} got ${message.type} of a call that is over`);
  }
  if (message.type === 'match.found' || message.type === 'call.restored') {
    hearOfMatch(model, ear, message);
  }
  if (message.type === 'call.ended') hearOfEnd(model, ear, message.match);
  if (message.type === 'chat.line') hearLine(model, ear, message);
  return true;
}

function hearOfMatch(
  model: WorldModel,
  ear: PageEar,
  message: ServerMessageOf<'match.found'> | ServerMessageOf<'call.restored'>,
): void {
  const { match: id, side, epoch } = message;
  if (ear.call !== null && ear.call !== id) {
    throw new Violation('I1', `${ear.subject} is shown ${id}, and is in ${ear.call}`);
  }
  // Of an epoch that only another page of the person heard, a page that was cut off knows as little as
  // the node of after a restart, and nobody says anything to it under that one.
  if (epoch <= (ear.epochs.get(id) ?? 0)) {
    throw new Violation('I7', `${ear.subject} hears that ${id} goes on under epoch ${epoch} again`);
  }
  ear.epochs.set(id, epoch);
  ear.call = id;
  const match = model.matches.get(id);
  if (match !== undefined) match.pages[side] = ear;
  ear.sides.set(id, side);
  const before = ear.lines.get(id);
  if (before !== undefined && before.last > 0) return;
  // A page that comes to a call later has its lines from one on that the other side chooses.
  const isLater = message.type === 'call.restored' && (before === undefined || before.beginsBy > 1);
  const beginsBy = isLater ? Math.max(1, placeOf(message)) : 1;
  ear.lines.set(id, { last: 0, beginsBy });
}

function hearOfEnd(model: WorldModel, ear: PageEar, id: string): void {
  ear.ended.add(id);
  if (ear.call === id) ear.call = null;
  const match = model.matches.get(id);
  if (match === undefined) return;
  // A newer page that never took the call up may have ended it: the one that is in it, and was
  // cut off meanwhile, knows nothing of that after a restart, nor does the node.
  const isInIt = match.pages.a === ear || match.pages.b === ear;
  if (isInIt) match.isEndHeard = true;
}

function hearLine(
  model: WorldModel,
  ear: PageEar,
  { match: id, line }: ServerMessageOf<'chat.line'>,
): void {
  const match = model.matches.get(id);
  const shown = ear.lines.get(id);
  if (match === undefined || shown === undefined) {
    throw new Violation('I7', `${ear.subject} got a line of another's call`);
  }
  const side = ear.sides.get(id);
  const place = placeOf(line);
  // Whether these might be let go is looked at where the node says them.
  if (side !== undefined && place > shown.last && match[side]?.letGo.has(place)) {
    shown.last = place;
    return;
  }
  lineShown(ear.subject, id, shown, place);
}
