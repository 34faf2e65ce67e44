import type { HttpProblem } from '@farandole/protocol/http-api';
import { jsonReply } from '../http/json-reply.ts';

const REFUSALS = {
  'not-allowed': [403, 'Your roles do not allow this.'],
  unknown: [404, 'This no longer exists.'],
  'not-now': [409, 'The state of the case doesn’t allow this.'],
  taken: [409, 'Another member has this case.'],
  'not-yours': [409, 'You don’t have this case.'],
  'same-person': [409, 'Another member must do this.'],
  'operator-alone': [409, 'This can’t be approved on the command line.'],
  'takes-two': [409, 'Two members decided this, so two must end it.'],
  'awaits-approval': [409, 'The case waits for a second member’s approval.'],
  'another-approval': [409, 'The case waits for another approval.'],
  'appeal-waits': [409, 'An appeal against its decision is open.'],
  'another-open': [409, 'Another case of this user is open.'],
  'for-another-role': [409, 'This case was escalated to a role that you don’t have.'],
  'nobody-there': [409, 'No other member can take this case.'],
  'too-late': [409, 'The time for this is over.'],
  'too-early': [409, 'It is too early for this.'],
  expired: [410, 'The picture was deleted.'],
  'shift-full': [409, 'You reached the limit of pictures per shift.'],
  'reads-full': [409, 'You reached the limit of cases and appeals per shift.'],
  sealed: [403, 'It may show a minor: two members must approve viewing it.'],
  'key-missing': [409, 'No key on this server decrypts it.'],
  'file-missing': [410, 'The picture is no longer on this machine.'],
  damaged: [410, 'The picture is damaged.'],
  'others-there': [409, 'Users who aren’t suspended used this network.'],
  answered: [409, 'Already answered.'],
  malformed: [400, 'Bad request.'],
  'end-is-past': [409, 'The new end is in the past.'],
  'not-shorter': [409, 'The new end must be earlier than the current one.'],
  'changed-meanwhile': [409, 'Another member changed this in the meantime.'],
  'rules-too-long': [400, 'The rules are too long.'],
  'rules-have-control-characters': [400, 'The rules contain control characters.'],
  'community-name-wrong': [400, 'A name has 3 to 32 small letters, digits and hyphens.'],
  'community-taken': [409, 'This name is taken, perhaps by a closed community.'],
  'community-title-wrong': [400, 'A title has 1 to 60 characters, on one line.'],
  'community-rules-wrong': [400, 'The rules are too long or contain control characters.'],
  'community-rules-link': [400, 'The title and the rules may not contain links.'],
  'too-many-of': [409, 'There are too many already.'],
  'community-label-wrong': [400, 'A note has at most 60 characters, on one line.'],
  'too-many-hours': [400, 'There are too many hours.'],
  'hour-title-wrong': [400, 'The title is empty, too long or contains control characters.'],
  'hour-start-wrong': [400, 'The start is no date, or more than a year ahead.'],
  'hour-zone-unknown': [400, 'The server doesn’t know this time zone.'],
  'hour-length-wrong': [400, 'An hour lasts from 10 minutes to 4 hours.'],
  'hour-mode-unknown': [400, 'The server doesn’t offer this mode.'],
  'hour-in-the-past': [409, 'The start is in the past.'],
  'hours-overlap': [409, 'Two hours overlap.'],
  'door-needs-hour': [409, 'The server can close only if an hour is ahead.'],
  'rota-too-long': [400, 'The rota is too long.'],
  'rota-member-unknown': [400, 'The rota names a former member.'],
  'rota-mail-wrong': [400, 'The rota has something that is no mail address.'],
  'quiet-hours-wrong': [400, 'The quiet hours have no beginning or no end.'],
  'note-too-long': [400, 'The note is too long.'],
  'note-has-control-characters': [400, 'The note contains control characters.'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

export type ConsoleRefusal = keyof typeof REFUSALS;

/** Makes a response from a command's refusal. `error` in the body is the reason of the refusal. */
export function refusal(reason: ConsoleRefusal): Response {
  const [status, detail] = REFUSALS[reason];
  const body: HttpProblem = { error: reason, detail };
  return jsonReply(body, { status, headers: { 'Content-Type': 'application/problem+json' } });
}
