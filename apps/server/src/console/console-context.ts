import type { IncomingMessage } from 'node:http';
import type { Clock } from '@farandole/kernel/clock';
import { isId } from '@farandole/kernel/id';
import type { Result } from '@farandole/kernel/result';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { ConsoleDesk, ServerPage } from '@farandole/protocol/console-api';
import {
  type ConsoleRequest,
  type ConsoleRequestName,
  readConsoleRequest,
} from '@farandole/protocol/console-requests';
import type { Rung } from '@farandole/protocol/fields';
import type { WeekPeak } from '@farandole/protocol/house-hours';
import type { Context } from 'hono';
import type { CommunityMirror } from '../cache/community-mirror.ts';
import type { HouseMirror } from '../cache/house-mirror.ts';
import type { AlertsPart } from '../compose/alerts.ts';
import type { PictureVault } from '../evidence/picture-vault.ts';
import { readJsonBody } from '../http/json-body.ts';
import { jsonReply } from '../http/json-reply.ts';
import { bodyProblem } from '../http/problem.ts';
import { CONSOLE_BODY_BYTES_MAX } from '../limits.ts';
import type { RemoteAddress } from '../net/remote-address.ts';
import type { Authenticate, SignedIn } from '../sign-in/authenticate.ts';
import type { CheckpointKeeper } from '../store/audit-checkpoint.ts';
import type { LiveFeed } from './live-feed.ts';
import { type ConsoleRefusal, refusal } from './refusal.ts';

export interface ConsoleApiParts {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly clock: Clock;
  readonly freshId: () => string;
  readonly authenticate: Authenticate;
  readonly live: LiveFeed;
  readonly vault: Pick<PictureVault, 'open'>;
  readonly checkpoints: Pick<CheckpointKeeper, 'known'>;
  readonly house: Pick<HouseMirror, 'readRules'>;
  readonly communities: Pick<CommunityMirror, 'read'>;
  /** Returns the id under which a community's code is stored. */
  readonly communityCodeId: (community: string, code: string) => string;
  /** The published hours. Members choose among the modes that the server offers. */
  readonly hours: {
    readonly modes: readonly Rung[];
    /** Returns the busiest hours of the week. */
    peaks(): readonly WeekPeak[];
    /** Makes this node read the hours again. */
    read(): Promise<void>;
  };
  readonly alerts: Pick<AlertsPart, 'channels' | 'test'>;
  /** Returns what the operator's page shows. */
  readonly serverPage: () => ServerPage;
  readonly picturesPerShift: number;
  readonly service: string;
  readonly handOver: ConsoleDesk['handOver'];
  /** Called after a change that may affect sanctions. */
  readonly onDecided: () => void;
}

export interface ConsoleEnv {
  Bindings: { readonly incoming: IncomingMessage };
  Variables: { readonly place: RemoteAddress; readonly signedIn: SignedIn };
}

export function by(c: Context<ConsoleEnv>): SignedIn['member']['id'] {
  return c.get('signedIn').member.id;
}

/** Returns the id in the request's address; null if it is malformed. */
export function idOf<Id extends string>(c: Context<ConsoleEnv>): Id | null {
  const id = c.req.param('id') ?? '';
  return isId(id) ? (id as Id) : null;
}

/** Parses the request's body before anything else, so that an invalid request has no effect. */
export async function withBody<Name extends ConsoleRequestName>(
  c: Context<ConsoleEnv>,
  name: Name,
  act: (body: ConsoleRequest<Name>) => Promise<Response>,
  bytesMax = CONSOLE_BODY_BYTES_MAX,
): Promise<Response> {
  const body = await readJsonBody(c.req.raw, bytesMax);
  if (!body.ok) return bodyProblem(body.reason);
  const asked = readConsoleRequest(name, body.value);
  return asked === null ? bodyProblem('bad-request') : await act(asked);
}

export function answer<Value>(result: Result<Value, ConsoleRefusal>): Response {
  return result.ok ? dataReply(result.value) : refusal(result.reason);
}

export function dataReply(value: unknown): Response {
  return jsonReply(value);
}
