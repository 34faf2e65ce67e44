import type { HttpProblem } from '@farandole/protocol/http-api';
import { jsonReply } from '../http/json-reply.ts';

const REFUSALS = {
  'not-allowed': [403, 'Your roles do not allow this.'],
  unknown: [404, 'There is no such thing any more.'],
  'not-now': [409, 'The case is not in a state in which this can be done.'],
  taken: [409, 'Somebody else has this case.'],
  'not-yours': [409, 'You do not have this case, or not any more.'],
  'same-person': [409, 'This takes another person than the first.'],
  'operator-alone': [409, 'This takes somebody who is not at the machine itself.'],
  'takes-two': [409, 'Two people decided this: it takes two to end it.'],
  'awaits-approval': [409, 'The case waits for a second person’s answer.'],
  'another-approval': [409, 'The case waits for an answer to something else.'],
  'appeal-waits': [409, 'An appeal against its decision waits for an answer.'],
  'another-open': [409, 'Another case of this person is open.'],
  'for-another-role': [409, 'This case was handed on, to a role that you have not.'],
  'nobody-there': [409, 'There is nobody else to whom this case could be handed on.'],
  'too-late': [409, 'The time for this is over.'],
  'too-early': [409, 'It is too early for this.'],
  expired: [410, 'The picture is no longer kept.'],
  'shift-full': [409, 'This is as many pictures as a shift asks of anybody.'],
  'reads-full': [409, 'This is as many cases and appeals as a shift asks of anybody.'],
  sealed: [403, 'It may be of a minor: to look at it takes two people.'],
  'key-missing': [409, 'There is no key here that opens it.'],
  'file-missing': [410, 'The picture is not on this machine any more.'],
  damaged: [410, 'The picture is damaged.'],
  'others-there': [409, 'Others, who are not suspended, came from this network.'],
  answered: [409, 'Somebody has answered already.'],
  malformed: [400, 'This is nothing that can be asked here.'],
  'end-is-past': [409, 'The new end is over already.'],
  'not-shorter': [409, 'The new end is not earlier than the one it has.'],
  'changed-meanwhile': [409, 'Somebody else has changed this meanwhile.'],
  'rules-too-long': [400, 'The rules are too long.'],
  'rules-have-control-characters': [400, 'The rules have characters that no keyboard types.'],
  'note-too-long': [400, 'The note is too long.'],
  'note-has-control-characters': [400, 'The note has characters that no keyboard types.'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

export type ConsoleRefusal = keyof typeof REFUSALS;

/** The word in the body is the command's reason. */
export function refusal(reason: ConsoleRefusal): Response {
  const [status, detail] = REFUSALS[reason];
  const body: HttpProblem = { error: reason, detail };
  return jsonReply(body, { status, headers: { 'Content-Type': 'application/problem+json' } });
}
