import type { ServerMessage, ServerMessageOf } from '@farandole/protocol/server-message';
import { lineShown } from './chat-log.ts';
import type { Expectation } from './expectation.ts';
import type { WorldModel } from './model.ts';
import { Violation } from './violation.ts';

/** What a page has heard, for what the page must never hear. */
export class PageEar {
  readonly subject: string;
  readonly deviceKey: string;
  /** The last sequenced frame shown to the person. */
  taken = 0;
  /** Its side of each match, by the match's id. */
  readonly sides = new Map<string, 'a' | 'b'>();
  readonly ended = new Set<string>();
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
  if (message.type === 'session.opened') ear.taken = 0;
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
  { match: id, side, epoch }: ServerMessageOf<'match.found'> | ServerMessageOf<'call.restored'>,
): void {
  ear.sides.set(id, side);
  const match = model.matches.get(id);
  if (match !== undefined) match.epochHeard = Math.max(match.epochHeard, epoch);
}

function hearOfEnd(model: WorldModel, ear: PageEar, id: string): void {
  ear.ended.add(id);
  const match = model.matches.get(id);
  if (match !== undefined) match.isEndHeard = true;
}

function hearLine(
  model: WorldModel,
  ear: PageEar,
  { match: id, line }: ServerMessageOf<'chat.line'>,
): void {
  const match = model.matches.get(id);
  const side = ear.sides.get(id);
  if (match === undefined || side === undefined) {
    throw new Violation('I7', `${ear.subject} got a line of another's call`);
  }
  lineShown(match, side, line);
}
